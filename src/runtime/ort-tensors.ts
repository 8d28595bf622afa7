// Tensors on their way between the protocol and ONNX Runtime, which shares their memory with us where it can.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import type { DType } from '../tensor/dtype.js'
import type { WireTensor } from './protocol.js'

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
