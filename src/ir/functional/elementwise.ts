// Element-wise functions. Operands are values, parameters, tensors or numbers, and broadcast as in NumPy.
import { apply, type Operand, toValue } from '../operand.js'
import { join } from '../join-branches.js'
import type { BinaryOp, UnaryOp, Value } from '../ops.js'

function unary(op: UnaryOp): (x: Operand) => Value {
  return x => apply(op, [toValue(x)], {})
}

function binary(op: BinaryOp): (a: Operand, b: Operand) => Value {
  return (a, b) => apply(op, [toValue(a), toValue(b)], {})
}

/** `−x` */
export const neg = unary('neg')
/** `|x|` */
export const abs = unary('abs')
/** `eˣ` */
export const exp = unary('exp')
/** The natural logarithm. */
export const log = unary('log')
/** `√x` */
export const sqrt = unary('sqrt')
/** The hyperbolic tangent. */
export const tanh = unary('tanh')
/** The error function. */
export const erf = unary('erf')
/** `1 / (1 + e⁻ˣ)` */
export const sigmoid = unary('sigmoid')
/** `max(x, 0)` */
export const relu = unary('relu')
/** 1 where x is above zero, 0 elsewhere (torch: `heaviside(x, 0)`). */
export const heaviside = unary('heaviside')

/**
 * `a + b`: the residual connection is `add(f(x), x)`. Adding the number 0 adds no op.
 * @throws ShapeError if the shapes do not broadcast; for branches F(x) and x, with advice on how to make them fit.
 */
export function add(a: Operand, b: Operand): Value {
  const value = toValue(a)
  return b === 0 && value.dtype === 'float32' ? value : join('add', value, toValue(b))
}
/** `a − b` */
export const sub = binary('sub')
/**
 * `a · b`, element by element: a gate is `mul(f(x), x)`.
 * @throws ShapeError as `add` does.
 */
export function mul(a: Operand, b: Operand): Value {
  return join('mul', toValue(a), toValue(b))
}
/** `a / b` */
export const div = binary('div')
/** The element-wise maximum. */
export const maximum = binary('maximum')
/** The element-wise minimum. */
export const minimum = binary('minimum')

/** Limits values to `low … high` (torch: `clamp`). */
export function clamp(x: Operand, low: number, high: number): Value {
  return minimum(maximum(x, low), high)
}

/** `min(max(x, 0), 6)` (torch: `F.relu6`). */
export function relu6(x: Operand): Value {
  return minimum(relu(x), 6)
}

/** `x · σ(x)`, also called swish (torch: `F.silu`). */
export function silu(x: Operand): Value {
  const value = toValue(x)
  return mul(value, sigmoid(value))
}

/** `x · Φ(x)` with the exact normal distribution function (torch: `F.gelu`). */
export function gelu(x: Operand): Value {
  const value = toValue(x)
  return mul(mul(value, 0.5), add(erf(mul(value, Math.SQRT1_2)), 1))
}
