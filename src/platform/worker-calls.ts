// The owner's end of a worker: questions out, answers in, each answer to the promise that waits for it.
import type { WorkerHandle, WorkerListener } from './worker.js'

/** What a worker answers the question of the same id. */
export type WorkerResponse<Result> = { readonly id: number } & (
  { readonly result: Result } | { readonly fault: string }
)

/** Whose worker it is, for the errors. */
export interface WorkerOwner {
  /** What the worker is called at the beginning of a sentence. */
  readonly worker: string
  /** Makes an error of what the worker reports, or of its end. */
  error(fault: string): Error
}

interface Waiting<Result> {
  resolve(result: Result): void
  reject(error: Error): void
}

/** A worker that can be asked things. While nothing is asked it does not keep the process alive. */
export class WorkerCalls<Result> {
  readonly #worker: WorkerHandle
  readonly #owner: WorkerOwner
  readonly #waiting = new Map<number, Waiting<Result>>()
  #asked = 0
  #end: string | undefined

  constructor(start: (listener: WorkerListener) => WorkerHandle, owner: WorkerOwner) {
    this.#owner = owner
    this.#worker = start({
      message: message => this.#answer(message as WorkerResponse<Result>),
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

  /** Ends the worker; whoever still waits is told why. */
  terminate(reason: string): void {
    this.#worker.terminate()
    this.#close(reason)
  }

  #answer(response: WorkerResponse<Result>): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if (this.#waiting.size === 0) this.#worker.keepAlive(false)
    if ('fault' in response) waiting?.reject(this.#owner.error(response.fault))
    else waiting?.resolve(response.result)
  }

  #close(reason: string): void {
    this.#end ??= reason
    for (const { reject } of this.#waiting.values()) reject(this.#owner.error(this.#end))
    this.#waiting.clear()
  }
}
