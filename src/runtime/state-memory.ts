// Kinds of memory for tensors between runs.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import type { DType } from '../tensor/dtype.js'
import type { WireTensor } from './protocol.js'

/** Memory that tensors stay in. */
export interface StateMemory {
  /** Stores a tensor. */
  keep(wire: WireTensor): Tensor
  /** Copies one out. */
  read(tensor: Tensor): Promise<WireTensor>
  /** A buffer for a run to write the next value to; undefined where the runtime allocates one. */
  placeFor(now: Tensor): Tensor | undefined
  /** Frees a tensor. */
  free(tensor: Tensor): void
}

/**
 * Memory of the host.
 * @param writesInPlace whether a run can write into an existing tensor, so that two buffers are enough.
 */
export function hostMemory(Tensor: TensorConstructor, writesInPlace: boolean): StateMemory {
  const read = (tensor: Tensor): WireTensor => {
    const wire = toWire(tensor)
    // Later runs overwrite this memory.
    return { ...wire, data: wire.data.slice() }
  }
  return {
    keep: wire => fromWire(Tensor, wire),
    read: async tensor => read(tensor),
    placeFor: now => (writesInPlace ? fromWire(Tensor, read(now)) : undefined),
    free: () => undefined
  }
}

/** Wraps a received tensor without copying it. */
export function fromWire(Tensor: TensorConstructor, { dtype, data, shape }: WireTensor): Tensor {
  if (dtype === 'bfloat16') throw new Error('ONNX Runtime takes no bfloat16 from JavaScript')
  return new Tensor(dtype, data as Tensor['data'], shape)
}

/** Unwraps a session's output without copying it. */
export function toWire({ type, dims, data }: Tensor): WireTensor {
  if (!isDType(type) || Array.isArray(data))
    throw new Error(`an output has type ${type}, which is not supported`)
  const { buffer, byteOffset, length } = data as Uint16Array
  // Where JavaScript has Float16Array, the runtime returns one; our tensors hold the raw bits.
  const held = type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : data
  return { dtype: type, shape: [...dims], data: held as WireTensor['data'] }
}

function isDType(type: string): type is DType {
  return ['float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'].includes(type)
}
