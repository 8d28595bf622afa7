// How a loader's worker starts in Node.
import { startWorker, Worker } from '../platform/node/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'

export function startLoaderWorker(listener: WorkerListener): WorkerHandle {
  return startWorker(new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' }), listener)
}
