// Creates values: inputs, constants, parameters and buffers, and what an op computes of them.
import { ShapeError } from '../base/errors.js'
import { aString, checkArguments, shown } from '../base/options.js'
import { DTYPE, type DType } from '../tensor/dtype.js'
import { formatShape, Tensor } from '../tensor/tensor.js'
import { inferType } from './infer.js'
import { Value, type OpName, type Ops, type StateHolder } from './ops.js'
import { isShape, type Shape } from './shape.js'

/** An operand of a functional op: a value, or something that `toValue` converts to one. */
export type Operand = Value | StateHolder | Tensor | number

/** A value that is fed at each run. @throws ShapeError when the shape is none. */
export function graphInput(name: string, shape: Shape, dtype: DType = 'float32'): Value {
  checkArguments('graphInput', { name }, { name: aString })
  if (!isShape(shape)) {
    const found = Array.isArray(shape) ? formatShape(shape) : shown(shape)
    throw new ShapeError(
      `input ${name}: expected a shape of non-negative integers, with 'N' for the batch, got ${found}`
    )
  }
  checkArguments(`input ${name}`, { dtype }, { dtype: DTYPE })
  return new Value({ kind: 'input', name }, dtype, shape)
}

export function constant(tensor: Tensor): Value {
  return new Value({ kind: 'constant', tensor }, tensor.dtype, tensor.shape)
}

const states = new WeakMap<StateHolder, Value>()

/** The value of a parameter or buffer before the pass: the same one at each call. */
export function state(holder: StateHolder): Value {
  const known = states.get(holder)
  if (known) return known
  const value = new Value({ kind: 'state', holder }, holder.dtype, holder.shape)
  states.set(holder, value)
  return value
}

/** What a pass has made of buffers so far; see `whileMoving`. */
let moved: ReadonlyMap<StateHolder, Value> | undefined

/** Runs a function in which an operand of `now` means its value there, which may change meanwhile. */
export function whileMoving<R>(now: ReadonlyMap<StateHolder, Value>, run: () => R): R {
  const outer = moved
  moved = now
  try {
    return run()
  } finally {
    moved = outer
  }
}

/** Converts any operand to a value; a number becomes a float32 scalar. @throws ShapeError for what is no operand. */
export function toValue(operand: Operand): Value {
  if (operand instanceof Value) return operand
  if (operand instanceof Tensor) return constant(operand)
  if (typeof operand === 'number') return constant(new Tensor(Float32Array.of(operand), [], 'float32'))
  // JavaScript callers may pass anything, or nothing.
  const holder: unknown = operand
  if (typeof holder === 'object' && holder !== null && 'dtype' in holder && 'shape' in holder)
    return moved?.get(operand) ?? state(operand)
  throw new ShapeError(
    `expected a Value, a parameter, a tensor or a number as operand, got ${shown(operand)}`
  )
}

/** Applies an op to values. @throws ShapeError that names the op and the shapes. */
export function apply<K extends OpName>(
  op: K,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
): Value {
  const { dtype, shape } = inferType(op, inputs, attributes)
  return new Value({ kind: 'node', op, inputs, attributes }, dtype, shape)
}
