// Workers in Node: threads.
import { parentPort, Worker as Thread } from 'node:worker_threads'
import type { Answer, WorkerHandle, WorkerListener } from './worker.js'

export type { Answer, WorkerHandle, WorkerListener } from './worker.js'

/** A thread, made as a browser's worker is. Node's own stays inside, so that a page's compiler need not know its type. */
export class Worker {
  readonly #thread: Thread

  constructor(url: URL, _options: { readonly type: 'module' }) {
    // Neither flags nor the environment's NODE_OPTIONS (a debugger's, a loader's) concern a thread that only computes.
    this.#thread = new Thread(url, { execArgv: [] })
  }

  /** Takes charge of the thread. */
  handle(listener: WorkerListener): WorkerHandle {
    const thread = this.#thread
    let fault: string | undefined
    thread.on('message', (message: unknown) => listener.message(message))
    thread.on('messageerror', error => listener.failure(error.message))
    thread.on('error', error => (fault = error instanceof Error ? error.message : String(error)))
    thread.on('exit', code => listener.failure(fault ?? `the thread ended with code ${code}`))
    return {
      post(message, transfer) {
        thread.postMessage(message, [...transfer])
      },
      keepAlive(wanted) {
        if (wanted) thread.ref()
        else thread.unref()
      },
      terminate() {
        thread.removeAllListeners()
        // An error event without a listener would be thrown.
        thread.on('error', () => {})
        void thread.terminate()
      }
    }
  }
}

/** Takes charge of a thread. */
export function startWorker(worker: Worker, listener: WorkerListener): WorkerHandle {
  return worker.handle(listener)
}

/** In a worker: answers its owner's messages, one after the other. */
export function answerOwner(answer: (message: unknown) => Promise<Answer>): void {
  let last = Promise.resolve()
  parentPort?.on('message', (message: unknown) => {
    last = last.then(async () => {
      const { message: reply, transfer } = await answer(message)
      parentPort?.postMessage(reply, [...transfer])
    })
  })
}
