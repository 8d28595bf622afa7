// Workers in the browser: Web Workers, which end with their page.
import type { Answer, WorkerHandle, WorkerListener } from '../worker-calls.js'

/** Takes over a worker, or the promise of one: messages wait until it is there. */
export function startWorker(started: Worker | Promise<Worker>, listener: WorkerListener): WorkerHandle {
  const worker = Promise.resolve(started).then(ready => {
    ready.onmessage = (event: MessageEvent<unknown>) => listener.message(event.data)
    ready.onmessageerror = () => listener.failure('a message could not be read')
    // For a script that fails to load, a browser reports only that there was an error.
    ready.onerror = event =>
      event.message === undefined
        ? listener.failure('its script cannot be loaded', { isStart: true })
        : listener.failure(event.message)
    return ready
  })
  worker.catch((error: unknown) => listener.failure(String(error), { isStart: true }))
  const tell = (act: (ready: Worker) => void): void => void worker.then(act, () => undefined)
  return {
    post: (message, transfer) => tell(ready => ready.postMessage(message, [...transfer])),
    keepAlive() {},
    terminate: () => tell(ready => ready.terminate())
  }
}

/** In a worker: answers its owner's messages, one after the other. */
export function answerOwner(answer: (message: unknown) => Promise<Answer>): void {
  // A worker's global scope, seen from inside, has the two members of its handle that matter here.
  const owner = globalThis as unknown as Pick<Worker, 'onmessage' | 'postMessage'>
  // An unhandled rejection would leave its question pending forever, so it ends the worker, and the owner is told why.
  addEventListener('unhandledrejection', ({ reason }: PromiseRejectionEvent) => {
    setTimeout(() => {
      throw reason instanceof Error
        ? reason
        : new Error(`its memory ran out, or its code failed (${String(reason)})`)
    })
  })
  let last = Promise.resolve()
  owner.onmessage = (event: MessageEvent<unknown>) => {
    last = last.then(async () => {
      const { message, transfer } = await answer(event.data)
      owner.postMessage(message, [...transfer])
    })
  }
}
