// Gradients that are too long together, made shorter together.
import { add, div, minimum, mul, sqrt } from '../ir/functional/elementwise.js'
import { sum } from '../ir/functional/reduction.js'
import { cat, reshape } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'
import { toValue } from '../ir/operand.js'
import { checkPositive } from './check.js'

/** Keeps the quotient finite (torch: `clip_grad_norm_`). */
const EPS = 1e-6

/** `‖·‖₂` of all gradients as if they were one vector: a scalar; 0 for none. */
export function globalNorm(gradients: readonly Value[]): Value {
  if (gradients.length === 0) return toValue(0)
  // One concatenation and one sum for however many gradients there are.
  return sqrt(sum(cat(gradients.map(gradient => reshape(sum(mul(gradient, gradient)), [1])))))
}

/** Gradients, and what they measured before. */
export interface ClippedGradients {
  readonly gradients: readonly Value[]
  /** The global norm before clipping: a scalar. */
  readonly norm: Value
}

/**
 * Scales gradients so that their global norm is at most `maxNorm` (torch: `nn.utils.clip_grad_norm_`):
 * each is multiplied by `min(1, maxNorm / (norm + 1e-6))`.
 * @throws OptimError when `maxNorm` is not above 0.
 */
export function clipByGlobalNorm(gradients: readonly Value[], maxNorm: number): ClippedGradients {
  checkPositive('clipByGlobalNorm', { maxNorm })
  const norm = globalNorm(gradients)
  const scale = minimum(div(maxNorm, add(norm, EPS)), 1)
  return { gradients: gradients.map(gradient => mul(gradient, scale)), norm }
}
