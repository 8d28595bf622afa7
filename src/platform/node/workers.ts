// Workers in Node: threads.
import { parentPort, Worker as Thread, workerData } from 'node:worker_threads'
import { ThreadEnd } from './thread-end.js'
import type { Answer, WorkerHandle, WorkerListener } from '../worker.js'

export type { Answer, WorkerHandle, WorkerListener } from '../worker.js'

const living = new Set<ThreadEnd>()
process.on('exit', () => {
  const asked = Array.from(living, end => ({ end, patience: end.ask() }))
  const start = performance.now()
  for (const { end, patience } of asked) end.wait(Math.max(0, patience - (performance.now() - start)))
})

/** A thread, made as a browser's worker is. Node's own stays inside, so that a page's compiler need not know its type. */
export class Worker {
  readonly #thread: Thread
  readonly #end = new ThreadEnd()

  constructor(url: URL, _options: { readonly type: 'module' }) {
    // Flags and NODE_OPTIONS (a debugger's, a loader's) are not for a thread that only computes.
    this.#thread = new Thread(url, { execArgv: [], workerData: this.#end.memory })
    living.add(this.#end)
    this.#thread.on('exit', () => living.delete(this.#end))
  }

  /** Takes over the thread. */
  handle(listener: WorkerListener): WorkerHandle {
    const [thread, end] = [this.#thread, this.#end]
    let isWanted = true
    let fault: string | undefined
    thread.on('message', (message: unknown) => {
      if (isWanted) listener.message(message)
    })
    thread.on('messageerror', error => {
      if (isWanted) listener.failure(error.message)
    })
    thread.on('error', error => (fault = error instanceof Error ? error.message : String(error)))
    thread.on('exit', code => {
      if (isWanted) listener.failure(fault ?? `the thread ended with code ${code}`)
    })
    return {
      post(message, transfer) {
        thread.postMessage(message, [...transfer])
      },
      keepAlive(wanted) {
        if (wanted) thread.ref()
        else thread.unref()
      },
      terminate() {
        isWanted = false
        thread.unref()
        if (end.ask() === 0) void thread.terminate()
      }
    }
  }
}

/** Takes over a thread. */
export function startWorker(worker: Worker, listener: WorkerListener): WorkerHandle {
  return worker.handle(listener)
}

/** In a worker: answers its owner's messages, one after the other. */
export function answerOwner(answer: (message: unknown) => Promise<Answer>): void {
  const end = new ThreadEnd(workerData as Int32Array)
  process.on('exit', () => end.close())
  let last = Promise.resolve()
  const work = async (message: unknown): Promise<void> => {
    if (!end.begin()) return
    const { message: reply, transfer } = await answer(message)
    parentPort?.postMessage(reply, [...transfer])
    rest()
  }
  const rest = (): void => {
    if (!end.finish()) process.exit()
  }
  parentPort?.on('message', (message: unknown) => {
    last = last.then(() => work(message))
  })
  rest()
}
