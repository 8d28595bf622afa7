// Constants in the dtype of the other operand, which ONNX requires to be the same.
import type { DType } from '../tensor/dtype.js'
import type { Emitter } from './emitter.js'
import { DATA_TYPES } from './proto.js'

/** A constant number. */
export function scalar(out: Emitter, value: number, dtype: DType): string {
  return castTo(out, out.float(value), dtype)
}

/** A constant matrix. */
export function matrix(
  out: Emitter,
  values: readonly number[],
  shape: readonly [number, number],
  dtype: DType
): string {
  return castTo(out, out.floats(values, shape), dtype)
}

function castTo(out: Emitter, floats: string, dtype: DType): string {
  return dtype === 'float32' ? floats : out.intermediate('Cast', [floats], { to: DATA_TYPES[dtype] })
}
