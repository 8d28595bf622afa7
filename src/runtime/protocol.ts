// What an engine and its worker say to each other. Tensors cross as plain records, because a structured clone keeps no class.
import type { WorkerResponse } from '../platform/worker-calls.js'
import { bytesOf, ownBuffer, viewAs, type DataOf, type DType } from '../tensor/dtype.js'
import { Tensor } from '../tensor/tensor.js'
import type { Device, DeviceRequest, NamedTensors, ExpectedRuns, StateSlot } from './engine.js'
import type { SpareBuffers } from './spare-buffers.js'

/** A tensor on its way between threads. */
export interface WireTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: DataOf<DType>
}

/** Named tensors on their way between threads. */
export type WireTensors = Readonly<Record<string, WireTensor>>

/** How a worker's runtime is set up. */
export interface WorkerSettings {
  /** Threads a kernel may use. */
  readonly threads: number | undefined
  /** In a browser, the address of the folder with ONNX Runtime's `.wasm` files. */
  readonly wasm: string | undefined
}

/** What a worker can be asked, and what it answers. */
export interface Calls {
  load: {
    readonly argument: {
      readonly session: number
      readonly onnx: Uint8Array
      readonly weights: readonly { readonly name: string; readonly data: Uint8Array }[]
      readonly device: DeviceRequest
      readonly settings: WorkerSettings
      readonly cpuNodes: readonly string[]
      readonly expectedRuns: ExpectedRuns
      readonly state: readonly StateSlot[]
      readonly commitIf: readonly string[]
    }
    /** Where it runs, and what of that should be known: a sentence each. */
    readonly result: { readonly device: Device; readonly warnings: readonly string[] }
  }
  run: {
    readonly argument: {
      readonly session: number
      readonly inputs: WireTensors
      readonly state: number | undefined
    }
    /** The outputs, and the memory of the inputs for the next ones. */
    readonly result: { readonly outputs: WireTensors; readonly spare: readonly ArrayBuffer[] }
  }
  release: { readonly argument: { readonly session: number }; readonly result: null }
  writeState: {
    readonly argument: { readonly state: number; readonly tensors: WireTensors }
    readonly result: null
  }
  readState: {
    readonly argument: { readonly state: number; readonly names: readonly string[] | undefined }
    readonly result: { readonly tensors: WireTensors }
  }
  releaseState: { readonly argument: { readonly state: number }; readonly result: null }
}

export type CallName = keyof Calls

/** A question to the worker. */
export type Request<K extends CallName = CallName> = {
  [C in K]: { readonly id: number; readonly call: C; readonly argument: Calls[C]['argument'] }
}[K]

/** The worker's answer to the question of the same id. */
export type Response = WorkerResponse<Calls[CallName]['result']>

/**
 * Packs tensors for the way; `buffers` are those to hand over.
 * @param transfer give the memory away instead of copying it, where the tensor has a buffer to itself.
 * @param spare where to copy to.
 */
export function packTensors(
  tensors: NamedTensors,
  transfer: boolean,
  spare: SpareBuffers
): { readonly wire: WireTensors; readonly buffers: ArrayBuffer[] } {
  const buffers = new Set<ArrayBuffer>()
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    // A view is never sent as it is: cloning it would copy the whole buffer behind it.
    const sent = transfer && ownBuffer(data) ? data : copyTo(spare, dtype, data)
    if (sent.buffer instanceof ArrayBuffer) buffers.add(sent.buffer)
    return [name, { dtype, shape, data: sent }] as const
  })
  return { wire: Object.fromEntries(entries), buffers: [...buffers] }
}

function copyTo(spare: SpareBuffers, dtype: DType, data: DataOf<DType>): DataOf<DType> {
  const buffer = spare.take(data.byteLength)
  new Uint8Array(buffer).set(bytesOf(data))
  return viewAs(dtype, buffer, 0, data.length)
}

/** Makes tensors of what arrived. */
export function unpackTensors(wire: WireTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(wire).map(([name, { data, shape, dtype }]) => [name, new Tensor(data, shape, dtype)])
  )
}
