// How far one layer may go: the ratio of LARS and LAMB, which is a quotient only where there is something to divide.
import { add, div, mul, sub } from '../ir/functional/elementwise.js'
import { cast } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'

/**
 * `numerator / denominator` where both norms are above zero, 1 elsewhere; all are scalars.
 * The graph has no conditions, so the choice is a sum with weights 0 and 1, and a denominator of zero is moved to 1.
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
