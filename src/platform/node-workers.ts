// Workers in Node: threads.
import { parentPort, Worker as Thread } from 'node:worker_threads'
import type { Answer, WorkerHandle, WorkerListener } from './worker.js'

export type { Answer, WorkerHandle, WorkerListener } from './worker.js'

/** A thread, made as a browser's worker is. */
export class Worker extends Thread {
  constructor(url: URL, _options: { readonly type: 'module' }) {
    // Neither flags nor the environment's NODE_OPTIONS (a debugger's, a loader's) concern a thread that only computes.
    super(url, { execArgv: [] })
  }
}

/** Takes charge of a thread. */
export function startWorker(worker: Worker, listener: WorkerListener): WorkerHandle {
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
