// Workers in Node: threads.
import { Worker } from 'node:worker_threads'
import type { WorkerHandle, WorkerListener } from './worker.js'

export type { WorkerHandle, WorkerListener } from './worker.js'

/** Starts the module at `url` in a thread of its own. */
export function startWorker(url: URL, listener: WorkerListener): WorkerHandle {
  // Neither flags nor the environment's NODE_OPTIONS (a debugger's, a loader's) concern a thread that only computes.
  const worker = new Worker(url, { execArgv: [] })
  let fault: string | undefined
  worker.on('message', (message: unknown) => listener.message(message))
  worker.on('messageerror', error => listener.failure(error.message))
  worker.on('error', error => (fault = error instanceof Error ? error.message : String(error)))
  worker.on('exit', code => listener.failure(fault ?? `the thread ended with code ${code}`))
  return {
    post(message, transfer) {
      worker.postMessage(message, [...transfer])
    },
    keepAlive(wanted) {
      if (wanted) worker.ref()
      else worker.unref()
    },
    terminate() {
      worker.removeAllListeners()
      // An error event without a listener would be thrown.
      worker.on('error', () => {})
      void worker.terminate()
    }
  }
}
