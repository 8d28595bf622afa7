// Rebuilds a computation on other values: the same ops with replaced operands.
import { apply } from './apply.js'
import type { OpName, Ops, Value } from './ops.js'

/** The same op on replaced operands; the value itself if none is replaced. */
export function onOperands(value: Value, became: (operand: Value) => Value): Value {
  const { origin } = value
  if (origin.kind !== 'node' || origin.inputs.every(operand => became(operand) === operand)) return value
  return apply(origin.op, mapInputs(origin.inputs, became), origin.attributes)
}

// `map` keeps the length of a tuple, which its type does not express.
function mapInputs<I extends Ops[OpName]['inputs']>(inputs: I, change: (value: Value) => Value): I {
  return inputs.map(change) as readonly Value[] as I
}

/**
 * Maps a graph's values to those computed with one of them replaced.
 * @param values in topological order.
 * @throws ShapeError when the other value does not fit.
 */
export function onOtherValue(
  values: readonly Value[],
  original: Value,
  other: Value
): (value: Value) => Value {
  const became = new Map<Value, Value>([[original, other]])
  const find = (value: Value): Value => became.get(value) ?? value
  for (const value of values) if (value !== original) became.set(value, onOperands(value, find))
  return find
}
