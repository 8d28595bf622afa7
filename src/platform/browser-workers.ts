// Workers in the browser: Web Workers, which end with their page.
import type { Answer, WorkerHandle, WorkerListener } from './worker.js'

export type { Answer, WorkerHandle, WorkerListener } from './worker.js'

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

/** In a worker: answers its owner's messages, one after the other. */
export function answerOwner(answer: (message: unknown) => Promise<Answer>): void {
  // A worker's global scope, seen from inside, has the two members of its handle that matter here.
  const owner = globalThis as unknown as Pick<Worker, 'onmessage' | 'postMessage'>
  let last = Promise.resolve()
  owner.onmessage = (event: MessageEvent<unknown>) => {
    last = last.then(async () => {
      const { message, transfer } = await answer(event.data)
      owner.postMessage(message, [...transfer])
    })
  }
}
