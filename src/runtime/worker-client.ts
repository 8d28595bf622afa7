import { startOrtWorker } from '#ort-workers'
import { WorkerCalls } from '../platform/worker-calls.js'
import { EngineError, type DeviceRequest } from './engine.js'
import type { CallName, Calls, Result } from './protocol.js'

/** An engine's worker. */
export class WorkerClient {
  readonly #calls: WorkerCalls<Result>

  /** @param device the device to run on, if it is available. */
  constructor(device: DeviceRequest) {
    this.#calls = new WorkerCalls(listener => startOrtWorker(device, listener), {
      worker: "The engine's worker",
      error: ({ fault }) => new EngineError(fault)
    })
  }

  get isOpen(): boolean {
    return this.#calls.isOpen
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
    return this.#calls.ask({ call, argument }, transfer)
  }

  /** Frees something in the worker; if the worker has ended, or ends meanwhile, it is free already. */
  async release<K extends 'release' | 'releaseState'>(
    call: K,
    argument: Calls[K]['argument']
  ): Promise<void> {
    try {
      if (this.isOpen) await this.ask(call, argument)
    } catch (error) {
      if (this.isOpen) throw error
    }
  }

  /** Ends the worker; pending calls are rejected. */
  terminate(): void {
    this.#calls.terminate('The engine was disposed of')
  }
}
