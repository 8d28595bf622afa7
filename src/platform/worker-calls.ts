// Request and response with a worker, matched by number. Failures are sent as data, since structured clone loses classes.
import { messageOf } from '../base/kinds.js'
import { PathError } from '../base/errors.js'
import { bareBuffers, wholeViews } from './bare-buffers.js'

/** The owner's view of a worker. */
export interface WorkerHandle {
  /** Sends a message; the listed buffers are transferred. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Whether the process waits for this worker before it ends. */
  keepAlive(wanted: boolean): void
  /** Ends the thread, which sends nothing more but may finish a computation. */
  terminate(): void
}

export interface WorkerListener {
  message(message: unknown): void
  /** The worker ended by itself. @param options.isStart before its script ran. */
  failure(fault: string, options?: { readonly isStart: boolean }): void
}

/** A worker's response; the listed buffers are transferred. */
export interface Answer {
  readonly message: unknown
  readonly transfer: readonly ArrayBuffer[]
}

export interface WorkerFault {
  /** The file or other subject named by the error, if any. */
  readonly path?: string
  readonly fault: string
}

type Response<Result> = { readonly id: number } & ({ readonly result: Result } | WorkerFault)

export interface WorkerOwner {
  /** The worker's name at the start of a sentence. */
  readonly worker: string
  /** What to do when it cannot start. */
  readonly remedy: string
  /** Converts a worker's fault, or its end, to an error. */
  error(fault: WorkerFault): Error
}

/** The owner's end. A worker without pending requests does not keep the process alive. */
export class WorkerCalls<Result> {
  readonly #worker: WorkerHandle
  readonly #owner: WorkerOwner
  readonly #waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>()
  #asked = 0
  #end: WorkerFault | undefined

  constructor(start: (listener: WorkerListener) => WorkerHandle, owner: WorkerOwner) {
    this.#owner = owner
    this.#worker = start({
      message: message => this.#answer(wholeViews(message) as Response<Result>),
      failure: (fault, { isStart } = { isStart: false }) =>
        this.#close(
          isStart
            ? `${owner.worker} cannot start: ${fault}; ${owner.remedy} (docs/deploy.md)`
            : `${owner.worker} broke down: ${fault}`
        )
    })
    this.#worker.keepAlive(false)
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /** Sends a request; responses come in order. @throws the owner's error when the worker reports a fault or has ended. */
  ask(question: object, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    if (this.#end !== undefined) return Promise.reject(this.#owner.error(this.#end))
    const id = this.#asked++
    return new Promise((resolve, reject) => {
      this.#worker.post(bareBuffers({ id, ...question }), transfer)
      this.#waiting.set(id, { resolve, reject })
      this.#worker.keepAlive(true)
    })
  }

  /** Ends the worker; pending questions are rejected with the reason. */
  terminate(reason: string): void {
    this.#worker.terminate()
    this.#close(reason)
  }

  #answer(response: Response<Result>): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if (this.#waiting.size === 0) this.#worker.keepAlive(false)
    if ('fault' in response) waiting?.reject(this.#owner.error(response))
    else waiting?.resolve(response.result)
  }

  #close(fault: string): void {
    this.#end ??= { fault }
    for (const { reject } of this.#waiting.values()) reject(this.#owner.error(this.#end))
    this.#waiting.clear()
  }
}

/**
 * The worker's end: a handler for `answerOwner`.
 * @param work handles a request; exceptions become faults.
 * @param options.transferOf buffers to transfer with a result.
 * @param options.faultOf replaces an error's own message.
 */
export function answering<Result>(
  work: (question: never) => Promise<Result>,
  {
    transferOf,
    faultOf = workerFault
  }: {
    readonly transferOf: (result: Result) => readonly ArrayBuffer[]
    readonly faultOf?: (error: unknown) => WorkerFault
  }
): (message: unknown) => Promise<Answer> {
  return async message => {
    const question = wholeViews(message) as { readonly id: number }
    const { id } = question
    try {
      const result = await work(question as never)
      const response: Response<Result> = { id, result }
      return { message: bareBuffers(response), transfer: transferOf(result) }
    } catch (error) {
      return { message: { id, ...faultOf(error) } satisfies Response<Result>, transfer: [] }
    }
  }
}

function workerFault(error: unknown): WorkerFault {
  if (error instanceof PathError) return { path: error.path, fault: error.fault }
  return { fault: messageOf(error) }
}
