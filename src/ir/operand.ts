// Creates values: inputs, constants, parameters and buffers, and what an op computes of them.
import type { DType } from '../tensor/dtype.js'
import { Tensor } from '../tensor/tensor.js'
import { inferType } from './infer.js'
import { Value, type OpName, type Ops, type StateHolder } from './ops.js'
import type { Shape } from './shape.js'

/** An operand of a functional op: a value, or something that `toValue` converts to one. */
export type Operand = Value | StateHolder | Tensor | number

/** A value that is fed at each run. */
export function graphInput(name: string, shape: Shape, dtype: DType = 'float32'): Value {
  return new Value({ kind: 'input', name }, dtype, shape)
}

/** A constant of the graph. */
export function constant(tensor: Tensor): Value {
  return new Value({ kind: 'constant', tensor }, tensor.dtype, tensor.shape)
}

const states = new WeakMap<StateHolder, Value>()

/** The value of a parameter or buffer: the same one at each call. */
export function state(holder: StateHolder): Value {
  const known = states.get(holder)
  if (known) return known
  const value = new Value({ kind: 'state', holder }, holder.dtype, holder.shape)
  states.set(holder, value)
  return value
}

/** Converts any operand to a value; a number becomes a float32 scalar. */
export function toValue(operand: Operand): Value {
  if (operand instanceof Value) return operand
  if (operand instanceof Tensor) return constant(operand)
  if (typeof operand === 'number') return constant(new Tensor(Float32Array.of(operand), [], 'float32'))
  return state(operand)
}

/**
 * Applies an op to values.
 * @throws ShapeError that names the op and the shapes.
 */
export function apply<K extends OpName>(
  op: K,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
): Value {
  const { dtype, shape } = inferType(op, inputs, attributes)
  return new Value({ kind: 'node', op, inputs, attributes }, dtype, shape)
}
