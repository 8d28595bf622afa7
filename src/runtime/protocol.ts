// What an engine and its worker say to each other. Tensors cross as plain records, because a structured clone keeps no class.
import { isA } from '../base/kinds.js'
import { withMemory } from '../base/memory.js'
import { bytesOf, ownBuffer, viewAs, type DataOf, type DType } from '../tensor/dtype.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'
import type { Device, DeviceRequest, Program } from './engine.js'

/** A tensor as sent between threads. */
export type WireTensor = Pick<Tensor, 'dtype' | 'shape' | 'data'>

export type WireTensors = ReadonlyMap<string, WireTensor>

/** How a worker's runtime is set up. */
export interface WorkerSettings {
  readonly threads: number | undefined
  /** In a browser, the address of the folder with ONNX Runtime's `.wasm` files. */
  readonly wasm: string | undefined
}

interface Call<Argument, Result> {
  readonly argument: Readonly<Argument>
  readonly result: Result
}

/** What a worker can be asked, and what it answers. */
export interface Calls {
  /** Gives the device it runs on, and warnings for the user, a sentence each. */
  load: Call<
    Required<Omit<Program, 'inputs' | 'outputs'>> & {
      session: number
      device: DeviceRequest
      settings: WorkerSettings
    },
    { readonly device: Device; readonly warnings: readonly string[] }
  >
  /** Gives the outputs, and the memory of the inputs for the next ones. */
  run: Call<
    { session: number; inputs: WireTensors; state: number | undefined },
    { readonly outputs: WireTensors; readonly spare: readonly ArrayBuffer[] }
  >
  release: Call<{ session: number }, null>
  writeState: Call<{ state: number; tensors: WireTensors }, null>
  readState: Call<{ state: number; names: readonly string[] | undefined }, { readonly tensors: WireTensors }>
  releaseState: Call<{ state: number }, null>
}

export type CallName = keyof Calls

export type Request = {
  [C in CallName]: { readonly call: C; readonly argument: Calls[C]['argument'] }
}[CallName]

export type Result = Calls[CallName]['result']

// Overlapping calls need a buffer each; only a few ever overlap.
const MAX_KEPT = 4

/** Reuses buffers that came back from the worker, twenty times as fast as new memory, which the system has to map and clear. */
export class SpareBuffers {
  readonly #kept: ArrayBuffer[] = []

  /** A buffer of exactly this size, with arbitrary content. */
  take(byteLength: number): ArrayBuffer {
    const index = this.#kept.findIndex(buffer => buffer.byteLength === byteLength)
    if (index >= 0) return this.#kept.splice(index, 1)[0]
    return withMemory(
      byteLength,
      () => new ArrayBuffer(byteLength),
      () => 'an input'
    )
  }

  /** Keeps buffers for later; the oldest make room. */
  give(buffers: readonly ArrayBuffer[]): void {
    this.#kept.push(...buffers)
    this.#kept.splice(0, this.#kept.length - MAX_KEPT)
  }
}

/**
 * Packs tensors for the other thread; `buffers` are those to transfer.
 * @param transfer give the memory away instead of copying it, where the tensor has a buffer to itself.
 */
export function packTensors(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
  transfer: boolean,
  spare: SpareBuffers
): { readonly wire: WireTensors; readonly buffers: ArrayBuffer[] } {
  const buffers = new Set<ArrayBuffer>()
  const wire = new Map<string, WireTensor>()
  for (const [name, { dtype, shape, data }] of tensors) {
    // Views are copied: cloning one would copy the whole buffer behind it.
    const sent = transfer && ownBuffer(data) ? data : copyTo(spare, dtype, data)
    if (isA(ArrayBuffer, sent.buffer)) buffers.add(sent.buffer)
    wire.set(name, { dtype, shape, data: sent })
  }
  return { wire, buffers: [...buffers] }
}

function copyTo(spare: SpareBuffers, dtype: DType, data: DataOf<DType>): DataOf<DType> {
  const buffer = spare.take(data.byteLength)
  new Uint8Array(buffer).set(bytesOf(data))
  return viewAs(dtype, buffer, 0, data.length)
}

export function unpackTensors(wire: WireTensors): StateDict {
  return new Map(Array.from(wire, ([name, { data, shape, dtype }]) => [name, new Tensor(data, shape, dtype)]))
}
