// Creates computed values: checks the shapes, then records the op.
import { inferType } from './infer.js'
import { Value, type OpName, type Ops } from './ops.js'

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
