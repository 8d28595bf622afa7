// What dropout and stochastic depth share: a mask of random numbers.
import { div, heaviside, mul, sub } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { uniformNoise } from '../effects.js'

/**
 * Zeroes what is drawn to be dropped, with probability p, and scales what is kept so that the mean stays.
 * @param layer who asks, for the error.
 * @param draws the shape of the draws, which broadcasts to that of x.
 */
export function dropRandomly(layer: string, x: Value, p: number, draws: Shape): Value {
  const kept = heaviside(sub(uniformNoise(layer, draws), p))
  // Nothing is left to scale where all is dropped.
  return mul(x, p === 1 ? 0 : div(kept, 1 - p))
}
