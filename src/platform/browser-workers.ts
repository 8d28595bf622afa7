// Workers in the browser: Web Workers, which end with their page.
import type { WorkerHandle, WorkerListener } from './worker.js'

export type { WorkerHandle, WorkerListener } from './worker.js'

/** Starts the module at `url` in a worker of its own. */
export function startWorker(url: URL, listener: WorkerListener): WorkerHandle {
  const worker = new Worker(url, { type: 'module' })
  worker.onmessage = (event: MessageEvent<unknown>) => listener.message(event.data)
  worker.onmessageerror = () => listener.failure('a message could not be read')
  worker.onerror = event => listener.failure(event.message)
  return {
    post(message, transfer) {
      worker.postMessage(message, [...transfer])
    },
    keepAlive() {},
    terminate() {
      worker.terminate()
    }
  }
}
