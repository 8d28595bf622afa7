// A number in the dtype of what it meets: ONNX's operands have to be of one type.
import type { DType } from '../tensor/dtype.js'
import type { Emitter } from './emitter.js'
import { DATA_TYPES } from './proto.js'

/** A constant of any dtype. */
export function scalar(out: Emitter, value: number, dtype: DType): string {
  const float = out.float(value)
  return dtype === 'float32' ? float : out.intermediate('Cast', [float], { to: DATA_TYPES[dtype] })
}
