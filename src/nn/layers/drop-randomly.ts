// What dropout and stochastic depth share: a mask of random numbers.
import { div, heaviside, mul, sub } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { uniformNoise } from '../effects.js'

/**
 * Zeroes elements with probability p and scales the others by 1 / (1 − p), so that the mean stays the same.
 * @param layer the layer's name, for the error.
 * @param draws the shape of the draws, which broadcasts to that of x.
 */
export function dropRandomly(layer: string, x: Value, p: number, draws: Shape): Value {
  const kept = heaviside(sub(uniformNoise(layer, draws), p))
  // With p = 1 there is nothing to scale.
  return mul(x, p === 1 ? 0 : div(kept, 1 - p))
}
