// Both ends of a conversation with a worker: questions with a number, and answers with the same one. A failure is an
// answer like any other, and crosses as data, since a structured clone keeps no error's class.
import { PathError } from '../base/errors.js'
import type { Answer, WorkerHandle, WorkerListener } from './worker.js'

/** What went wrong in a worker. */
export interface WorkerFault {
  /** What it is wrong with: a file, or what else an error names; nothing where it names none. */
  readonly path?: string
  readonly fault: string
}

type Response<Result> = { readonly id: number } & ({ readonly result: Result } | WorkerFault)

/** Whose worker it is, for the errors. */
export interface WorkerOwner {
  /** What the worker is called at the beginning of a sentence. */
  readonly worker: string
  /** Makes an error of what the worker reports, or of its end. */
  error(fault: WorkerFault): Error
}

interface Waiting<Result> {
  resolve(result: Result): void
  reject(error: Error): void
}

/** The owner's end: a worker that can be asked things. While nothing is asked it does not keep the process alive. */
export class WorkerCalls<Result> {
  readonly #worker: WorkerHandle
  readonly #owner: WorkerOwner
  readonly #waiting = new Map<number, Waiting<Result>>()
  #asked = 0
  #end: WorkerFault | undefined

  constructor(start: (listener: WorkerListener) => WorkerHandle, owner: WorkerOwner) {
    this.#owner = owner
    this.#worker = start({
      message: message => this.#answer(message as Response<Result>),
      failure: fault => this.#close(`${owner.worker} broke down: ${fault}`)
    })
    this.#worker.keepAlive(false)
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /**
   * Asks the worker; questions are answered in the order they are asked. The listed buffers move.
   * @throws the owner's error when the worker reports a fault or has ended.
   */
  ask(question: object, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    if (this.#end !== undefined) return Promise.reject(this.#owner.error(this.#end))
    const id = this.#asked++
    return new Promise((resolve, reject) => {
      this.#worker.post({ id, ...question }, transfer)
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
 * The worker's end: what `answerOwner` is to do with a message.
 * @param work answers a question, of the type that the owner sends; what it throws becomes a fault.
 * @param options.transferOf the buffers that move with a result.
 * @param options.faultOf a fault in other words than the error's own.
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
    const { id } = message as { readonly id: number }
    try {
      const result = await work(message as never)
      return { message: { id, result } satisfies Response<Result>, transfer: transferOf(result) }
    } catch (error) {
      return { message: { id, ...faultOf(error) } satisfies Response<Result>, transfer: [] }
    }
  }
}

function workerFault(error: unknown): WorkerFault {
  if (error instanceof PathError) return { path: error.path, fault: error.fault }
  return { fault: error instanceof Error ? error.message : String(error) }
}
