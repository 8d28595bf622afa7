// The owner's side of an engine's worker: questions to it, and the tensors that it keeps.
import { isA } from '../base/kinds.js'
import { startOrtWorker } from '#ort-workers'
import { WorkerCalls } from '../platform/worker-calls.js'
import type { StateDict } from '../tensor/state-dict.js'
import { EngineError, type DeviceRequest, type EngineState } from './engine.js'
import {
  packTensors,
  SpareBuffers,
  unpackTensors,
  type CallName,
  type Calls,
  type Result
} from './protocol.js'

export class WorkerClient extends WorkerCalls<Result> {
  constructor(device: DeviceRequest, worker?: string | URL) {
    super(listener => startOrtWorker(device, listener, worker), {
      worker: "The engine's worker",
      remedy:
        'in a bundle leave resnet-ts external, or make resnet-ts/worker an entry of its own and name it, createEngine({ worker })',
      error: ({ fault }) => new EngineError(fault)
    })
  }

  /** Makes a call; they are answered in order. @throws EngineError when the worker reports a fault or has ended. */
  call<K extends CallName>(
    call: K,
    argument: Calls[K]['argument'],
    transfer: readonly ArrayBuffer[] = []
  ): Promise<Calls[K]['result']> {
    return this.ask({ call, argument }, transfer)
  }

  /** Frees something in the worker; if the worker has ended, or ends meanwhile, it is free already. */
  async release<K extends 'release' | 'releaseState'>(
    call: K,
    argument: Calls[K]['argument']
  ): Promise<void> {
    try {
      if (this.isOpen) await this.call(call, argument)
    } catch (error) {
      if (this.isOpen) throw error
    }
  }
}

// A state that is no longer referenced is garbage-collected; its memory is in the worker, which has to be told.
const forgotten = new FinalizationRegistry<Pick<WorkerState, 'client' | 'id'>>(held => void release(held))
let created = 0

export class WorkerState implements EngineState {
  readonly id = created++
  #isDisposed = false
  // This thread's garbage collector does not see the worker's memory, where unreferenced states would pile up. So a state
  // holds a buffer of the same size here, which is never touched and so never takes physical memory.
  #ballast: ArrayBuffer | undefined

  private constructor(readonly client: WorkerClient) {
    forgotten.register(this, { client, id: this.id }, this)
  }

  static async create(client: WorkerClient, tensors: StateDict, transfer: boolean): Promise<WorkerState> {
    const state = new WorkerState(client)
    await state.#send(tensors, transfer)
    return state
  }

  async read(names?: readonly string[]): Promise<StateDict> {
    const { tensors } = await this.client.call('readState', { state: this.id, names })
    return unpackTensors(tensors)
  }

  async write(tensors: StateDict): Promise<void> {
    // The worker would create a new state.
    if (this.#isDisposed) throw new EngineError('The state was disposed of')
    await this.#send(tensors, false)
  }

  async #send(tensors: StateDict, transfer: boolean): Promise<void> {
    // JavaScript callers may pass anything.
    if (!isA(Map, tensors)) throw new EngineError('A state is a Map of tensors by name, as a state dict is')
    const { wire, buffers } = packTensors(tensors, transfer, new SpareBuffers())
    this.#ballast ??= new ArrayBuffer(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0))
    await this.client.call('writeState', { state: this.id, tensors: wire }, buffers)
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    this.#ballast = undefined
    forgotten.unregister(this)
    await release(this)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}

function release({ client, id }: Pick<WorkerState, 'client' | 'id'>): Promise<void> {
  return client.release('releaseState', { state: id })
}
