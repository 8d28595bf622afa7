// The reference for element-wise ops.
import { allocate, type DType } from '../../tensor/dtype.js'
import type { BinaryOp, Elementwise, UnaryOp } from '../ops.js'
import { erf } from './erf.js'
import { atBroadcast, build } from './float64-tensor.js'
import type { Rule, Rules } from './rule.js'

function unary(compute: (x: number) => number): Rule<UnaryOp> {
  return ([x]) => x.data.map(compute)
}

function binary(compute: (a: number, b: number, dtype: DType) => number): Rule<BinaryOp> {
  return ([a, b], _, { shape, dtype }) =>
    build(shape, index => compute(atBroadcast(a, index), atBroadcast(b, index), dtype))
}

function isInteger(dtype: DType): boolean {
  return dtype.startsWith('int') || dtype === 'uint8'
}

/**
 * Casts a number to a dtype: truncated towards zero and wrapped for integers, 0 or 1 for bool.
 * Floats are not rounded: the reference computes in float64 whatever the dtype.
 */
export function castNumber(x: number, dtype: DType): number {
  if (dtype === 'bool') return x === 0 ? 0 : 1
  if (dtype === 'int64') return Math.trunc(x)
  if (!isInteger(dtype)) return x
  const cell = allocate(dtype, 1)
  cell[0] = x
  return cell[0]
}

/** The rules of element-wise ops. */
export const ELEMENTWISE_RULES: Rules<Elementwise> = {
  neg: unary(x => -x),
  abs: unary(Math.abs),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  erf: unary(erf),
  // e^(−x) overflows to ∞ for very negative x, with the right limit.
  sigmoid: unary(x => 1 / (1 + Math.exp(-x))),
  relu: unary(x => Math.max(x, 0)),
  heaviside: unary(x => (x > 0 ? 1 : 0)),

  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  // Integer division truncates towards zero, as in ONNX.
  div: binary((a, b, dtype) => (isInteger(dtype) ? Math.trunc(a / b) : a / b)),
  maximum: binary((a, b) => Math.max(a, b)),
  minimum: binary((a, b) => Math.min(a, b)),

  cast: ([x], { dtype }) => x.data.map(value => castNumber(value, dtype))
}
