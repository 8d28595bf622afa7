// How a loader's worker starts in Node.
import { scriptAddress, startWorker, Worker } from '../platform/node/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'

/** @param worker the worker's script, as a path or an address; default the one beside this. */
export function startLoaderWorker(listener: WorkerListener, worker?: string | URL): WorkerHandle {
  const started =
    worker === undefined
      ? new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' })
      : new Worker(scriptAddress(worker), { type: 'module' })
  return startWorker(started, listener)
}
