// Gradient clipping by global norm.
import { numberAbove, required } from '../base/options.js'
import { add, div, minimum, mul, sqrt } from '../ir/functional/elementwise.js'
import { sum } from '../ir/functional/reduction.js'
import type { Value } from '../ir/ops.js'
import { checkOptim } from './optim-error.js'
import { sumOfEach } from './building-blocks.js'

/** Added to the norm for numerical stability, as in torch's `clip_grad_norm_`. */
const EPS = 1e-6

/**
 * Scales gradients so that their global norm, `‖·‖₂` of all as if they were one vector, is at most `maxNorm` (torch:
 * `nn.utils.clip_grad_norm_`): each is multiplied by `min(1, maxNorm / (norm + 1e-6))`.
 * @throws OptimError when `maxNorm` is not above 0.
 */
export function clipByGlobalNorm(gradients: readonly Value[], maxNorm: number): Value[] {
  checkOptim('clipByGlobalNorm', { maxNorm }, { maxNorm: required(numberAbove(0)) })
  const norm = sqrt(sum(sumOfEach(gradients.map(gradient => mul(gradient, gradient)))))
  const scale = minimum(div(maxNorm, add(norm, EPS)), 1)
  return gradients.map(gradient => mul(gradient, scale))
}
