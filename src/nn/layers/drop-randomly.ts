import { div, heaviside, mul, sub } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { uniformNoise } from '../effects.js'

/**
 * Zeroes elements with probability p and scales the others by 1 / (1 − p).
 * @param draws the shape of the random mask, broadcast to x.
 */
export function dropRandomly(layer: string, x: Value, p: number, draws: Shape): Value {
  const kept = heaviside(sub(uniformNoise(layer, draws), p))
  // Avoids a division by zero.
  return mul(x, p === 1 ? 0 : div(kept, 1 - p))
}
