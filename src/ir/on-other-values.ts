// A computation done again on other values: the same ops, rebuilt on what some of their operands have become.
import { apply } from './apply.js'
import type { OpName, Ops, Value } from './ops.js'

/** The same op on what its operands have become; the value itself where none has changed. */
export function onOperands(value: Value, became: (operand: Value) => Value): Value {
  const { origin } = value
  if (origin.kind !== 'node' || origin.inputs.every(operand => became(operand) === operand)) return value
  return apply(origin.op, mapInputs(origin.inputs, became), origin.attributes)
}

// A mapped tuple keeps its length and kind, which `map` cannot say in its type.
function mapInputs<I extends Ops[OpName]['inputs']>(inputs: I, change: (value: Value) => Value): I {
  return inputs.map(change) as readonly Value[] as I
}

/**
 * What a graph's values become when one of them is another.
 * @param values in order, operands before users.
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
