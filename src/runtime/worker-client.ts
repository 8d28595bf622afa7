// The owner's end of an engine's worker: questions out, answers in, each answer to the promise that waits for it.
import { startWorker, type WorkerHandle } from '#platform'
import { EngineError } from './engine.js'
import type { CallName, Calls, Response } from './protocol.js'

interface Waiting {
  resolve(result: Calls[CallName]['result']): void
  reject(error: EngineError): void
}

/** A worker that can be asked things. While nothing is asked it does not keep the process alive. */
export class WorkerClient {
  readonly #worker: WorkerHandle
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #end: string | undefined

  constructor(url: URL) {
    this.#worker = startWorker(url, {
      message: message => this.#answer(message as Response),
      failure: fault => this.#close(`The engine's worker broke down: ${fault}`)
    })
    this.#worker.keepAlive(false)
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /**
   * Asks the worker; questions are answered in the order they are asked.
   * @throws EngineError when the worker reports a fault or has ended.
   */
  ask<K extends CallName>(
    call: K,
    argument: Calls[K]['argument'],
    transfer: readonly ArrayBuffer[] = []
  ): Promise<Calls[K]['result']> {
    if (this.#end !== undefined) return Promise.reject(new EngineError(this.#end))
    const id = this.#asked++
    return new Promise<Calls[CallName]['result']>((resolve, reject) => {
      this.#worker.post({ id, call, argument }, transfer)
      this.#waiting.set(id, { resolve, reject })
      this.#worker.keepAlive(true)
    })
  }

  /** Ends the worker; whoever still waits is told so. */
  terminate(): void {
    this.#worker.terminate()
    this.#close('The engine was disposed of')
  }

  #answer(response: Response): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if (this.#waiting.size === 0) this.#worker.keepAlive(false)
    if ('fault' in response) waiting?.reject(new EngineError(response.fault))
    else waiting?.resolve(response.result)
  }

  #close(reason: string): void {
    this.#end ??= reason
    for (const { reject } of this.#waiting.values()) reject(new EngineError(this.#end))
    this.#waiting.clear()
  }
}
