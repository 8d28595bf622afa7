// Where a runtime keeps tensors from run to run. Each kind of memory has its own way to read, to replace and to free.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import type { DType } from '../tensor/dtype.js'
import type { WireTensor } from './protocol.js'

/** Memory that tensors stay in. */
export interface StateMemory {
  /** Puts a tensor there. */
  keep(wire: WireTensor): Tensor
  /** Copies one out. */
  read(tensor: Tensor): Promise<WireTensor>
  /** Where a run is to write the next value; undefined where it makes its own place. */
  placeFor(now: Tensor): Tensor | undefined
  /** Gives a tensor's memory back. */
  free(tensor: Tensor): void
}

/**
 * Memory of the host.
 * @param writesInPlace whether a run can write into a tensor that is there, and so need none besides two.
 */
export function hostMemory(Tensor: TensorConstructor, writesInPlace: boolean): StateMemory {
  const read = (tensor: Tensor): WireTensor => {
    const wire = toWire(tensor)
    // Runs go on changing the memory it is in.
    return { ...wire, data: wire.data.slice() }
  }
  return {
    keep: wire => fromWire(Tensor, wire),
    read: async tensor => read(tensor),
    placeFor: now => (writesInPlace ? fromWire(Tensor, read(now)) : undefined),
    free: () => undefined
  }
}

/** Wraps what arrived; nothing is copied. */
export function fromWire(Tensor: TensorConstructor, { dtype, data, shape }: WireTensor): Tensor {
  if (dtype === 'bfloat16') throw new Error('ONNX Runtime takes no bfloat16 from JavaScript')
  return new Tensor(dtype, data as Tensor['data'], shape)
}

/** Unwraps what a session gave; nothing is copied. */
export function toWire({ type, dims, data }: Tensor): WireTensor {
  if (!isDType(type) || Array.isArray(data))
    throw new Error(`an output is of type ${type}, which no tensor has`)
  const { buffer, byteOffset, length } = data as Uint16Array
  // Where JavaScript has an array of half floats, that is what comes; here they are their bits.
  const held = type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : data
  return { dtype: type, shape: [...dims], data: held as WireTensor['data'] }
}

function isDType(type: string): type is DType {
  return ['float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'].includes(type)
}
