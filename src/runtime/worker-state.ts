// A state's handle on the owner's side: the tensors themselves are the worker's.
import type { StateDict } from '../tensor/state-dict.js'
import { EngineError, type EngineState } from './engine.js'
import { packTensors, SpareBuffers, unpackTensors } from './protocol.js'
import type { WorkerClient } from './worker-client.js'

interface Held {
  readonly client: WorkerClient
  readonly id: number
}

// A forgotten state is collected like any object; its memory lives in the worker, which has to be told.
const forgotten = new FinalizationRegistry<Held>(held => void release(held))
let created = 0

/** Tensors kept by a worker. */
export class WorkerState implements EngineState {
  readonly client: WorkerClient
  readonly id = created++
  #isDisposed = false
  // The worker's memory is nothing to this thread's garbage collector, and forgotten states would pile up there until it
  // came by. So a state holds as much here, which is never touched and so never taken from the machine.
  #ballast: ArrayBuffer | undefined

  private constructor(client: WorkerClient) {
    this.client = client
    forgotten.register(this, { client, id: this.id }, this)
  }

  /** Sends tensors to be kept, or copies of them. */
  static async create(client: WorkerClient, tensors: StateDict, transfer: boolean): Promise<WorkerState> {
    const state = new WorkerState(client)
    await state.#send(tensors, transfer)
    return state
  }

  async read(names?: readonly string[]): Promise<StateDict> {
    const { tensors } = await this.client.ask('readState', { state: this.id, names })
    return unpackTensors(tensors)
  }

  async write(tensors: StateDict): Promise<void> {
    // The worker would take it for a new one.
    if (this.#isDisposed) throw new EngineError('The state was disposed of')
    await this.#send(tensors, false)
  }

  async #send(tensors: StateDict, transfer: boolean): Promise<void> {
    // From JavaScript, anything may come.
    if (!(tensors instanceof Map))
      throw new EngineError('A state is a Map of tensors by name, as a state dict is')
    const { wire, buffers } = packTensors(tensors, transfer, new SpareBuffers())
    this.#ballast ??= new ArrayBuffer(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0))
    await this.client.ask('writeState', { state: this.id, tensors: wire }, buffers)
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

function release({ client, id }: Held): Promise<void> {
  return client.release('releaseState', { state: id })
}
