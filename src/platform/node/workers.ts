// Workers in Node: threads.
import { messageOf } from '../../base/kinds.js'
import { pathToFileURL } from 'node:url'
import { parentPort, Worker as Thread, workerData } from 'node:worker_threads'
import type { Answer, WorkerHandle, WorkerListener } from '../worker-calls.js'

// Terminating a thread while a native addon computes aborts the process, so owners wait until a thread is idle.

const [IDLE, STARTING, WORKING, ENDING, ENDED] = [0, 1, 2, 3, 4]
/** How long an exiting process waits for working threads. */
const PATIENCE_MS = 30_000
/** The same for a starting thread, which may have failed to load its addons. */
const PATIENCE_AT_START_MS = 2000

/** State shared by a thread and its owner. */
class ThreadEnd {
  #patienceMs = 0

  /** @param memory the owner's; without it a new one, of a thread that starts. */
  constructor(readonly memory: Int32Array = new Int32Array(new SharedArrayBuffer(4)).fill(STARTING)) {}

  /** Whether its script has not run yet. */
  get isStarting(): boolean {
    return Atomics.load(this.memory, 0) === STARTING
  }

  /** In the thread, before work: whether it may still start some. */
  begin(): boolean {
    return this.#became(IDLE, WORKING)
  }

  /** In the thread, after its start and after work: whether it may continue; otherwise it must end itself. */
  finish(): boolean {
    if (this.#became(STARTING, IDLE) || this.#became(WORKING, IDLE)) return true
    this.close()
    return false
  }

  /** In the thread, when it ends for any reason. */
  close(): void {
    Atomics.store(this.memory, 0, ENDED)
    Atomics.notify(this.memory, 0)
  }

  /** By its owner: asks it to end. Returns how long to wait for it; until then it must not be terminated. */
  ask(): number {
    if (this.#became(STARTING, ENDING)) this.#patienceMs = PATIENCE_AT_START_MS
    else if (this.#became(WORKING, ENDING)) this.#patienceMs = PATIENCE_MS
    else this.#became(IDLE, ENDED)
    return Atomics.load(this.memory, 0) === ENDING ? this.#patienceMs : 0
  }

  /** By its owner: blocks until it has ended its work. */
  wait(patienceMs: number): void {
    Atomics.wait(this.memory, 0, ENDING, patienceMs)
  }

  #became(before: number, after: number): boolean {
    return Atomics.compareExchange(this.memory, 0, before, after) === before
  }
}

const living = new Set<ThreadEnd>()
process.on('exit', () => {
  const asked = Array.from(living, end => ({ end, patience: end.ask() }))
  const start = performance.now()
  for (const { end, patience } of asked) end.wait(Math.max(0, patience - (performance.now() - start)))
})

/** A thread, made as a browser's worker is. Node's own stays inside, so that a page's compiler need not know its type. */
export class Worker {
  readonly #thread: Thread | undefined
  readonly #refusal: string = ''
  readonly #end = new ThreadEnd()

  constructor(url: URL, _options: { readonly type: 'module' }) {
    // Flags and NODE_OPTIONS (a debugger's, a loader's) are not for a thread that only computes.
    try {
      this.#thread = new Thread(url, { execArgv: [], workerData: this.#end.memory })
    } catch (error) {
      this.#refusal = refusal(error)
      return
    }
    living.add(this.#end)
    this.#thread.on('exit', () => living.delete(this.#end))
  }

  handle(listener: WorkerListener): WorkerHandle {
    const [thread, end] = [this.#thread, this.#end]
    if (!thread) {
      queueMicrotask(() => listener.failure(this.#refusal))
      return { post() {}, keepAlive() {}, terminate() {} }
    }
    let isWanted = true
    let fault: string | undefined
    thread.on('message', (message: unknown) => {
      if (isWanted) listener.message(message)
    })
    thread.on('messageerror', error => {
      if (isWanted) listener.failure(error.message)
    })
    thread.on('error', error => (fault = messageOf(error)))
    thread.on('exit', code => {
      // Its script's first act with the shared state is to say that it has started.
      const isStart = end.isStarting
      if (isWanted) listener.failure(fault ?? `the thread ended with code ${code}`, { isStart })
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

/** Why the system has no thread for a worker. @throws the error when it is another. */
function refusal(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INIT_FAILED') throw error
  const reason = messageOf(error)
  const limit = reason.includes('FILE')
    ? 'allow it more open files (ulimit -n)'
    : 'allow its user more processes (ulimit -u)'
  return `the system refuses this process another thread (${reason}): ${limit}`
}

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

/** The address of a worker's script that is given as a path or an address. */
export function scriptAddress(script: string | URL): URL {
  return typeof script === 'string' && !script.startsWith('file:') ? pathToFileURL(script) : new URL(script)
}
