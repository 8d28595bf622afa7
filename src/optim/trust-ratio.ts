// The layer-wise trust ratio of LARS and LAMB.
import { add, div, mul, sub } from '../ir/functional/elementwise.js'
import { cast } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'

/**
 * `numerator / denominator` if both norms are above zero, else 1; all are scalars.
 * The graph has no conditionals, so both cases are added with weights 0 and 1, and a zero denominator becomes 1.
 */
export function trustRatio(
  weightNorm: Value,
  updateNorm: Value,
  numerator: Value,
  denominator: Value
): Value {
  const adapts = mul(isNotZero(weightNorm), isNotZero(updateNorm))
  const keeps = sub(1, adapts)
  return add(mul(adapts, div(numerator, add(denominator, keeps))), keeps)
}

/** 1 or 0. */
function isNotZero(x: Value): Value {
  return cast(cast(x, 'bool'), 'float32')
}
