// How a loader's worker starts in a browser.
import { startWorker } from '../platform/browser/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'

export function startLoaderWorker(listener: WorkerListener): WorkerHandle {
  // Bundlers look for exactly this, with the global `Worker`.
  return startWorker(new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' }), listener)
}
