// How a loader's worker starts in a browser.
import { startWorker } from '../platform/browser/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'

/** @param worker the worker's script; default the one beside this. */
export function startLoaderWorker(listener: WorkerListener, worker?: string | URL): WorkerHandle {
  // Bundlers look for exactly this, with the global `Worker`.
  const started =
    worker === undefined
      ? new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' })
      : new Worker(worker, { type: 'module' })
  return startWorker(started, listener)
}
