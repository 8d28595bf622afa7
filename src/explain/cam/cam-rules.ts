// Class activation maps as formulas of a layer's activations A and the gradients G = ∂y/∂A of the class's score.
// Shapes: A and G (N, C, h, w) → (N, h, w).
import * as F from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'

export interface CamOperands {
  readonly activations: Value
  readonly gradients: Value
}

/**
 * `relu(Σₖ wₖ Aₖ)` with `wₖ` the mean of Gₖ over the image.
 *
 * From Grad-CAM, Selvaraju et al. 2016, equations 1 and 2, https://arxiv.org/abs/1610.02391
 */
export function gradCamRule({ activations, gradients }: CamOperands): Value {
  return weighted(activations, F.mean(gradients, [2, 3], { keepDim: true }))
}

/**
 * `relu(Σₖ wₖ Aₖ)` with `wₖ = Σ α · relu(G)` and `α = G² / (2 G² + ΣA · G³ + eps)`.
 *
 * From Grad-CAM++, Chattopadhyay et al. 2017, equations 7 and 19, https://arxiv.org/abs/1710.11063. The factor of the
 * paper's exponential score is constant over the map and left out, as it could overflow. With `eps` 0, as in the paper, G²
 * cancels, so the gradients' magnitude does not matter.
 */
export function gradCamPlusPlusRule({ activations, gradients }: CamOperands, eps: number): Value {
  const total = F.sum(activations, [2, 3], { keepDim: true })
  const plain = F.add(F.mul(total, gradients), 2)
  const divisor = eps === 0 ? plain : F.add(plain, F.div(eps, F.mul(gradients, gradients)))
  // The weight is 0 where the divisor is 0.
  const isThere = F.heaviside(F.abs(divisor))
  const shares = F.div(F.mul(F.relu(gradients), isThere), F.add(divisor, F.sub(1, isThere)))
  return weighted(activations, F.sum(shares, [2, 3], { keepDim: true }))
}

/** The weighted sum of the maps, negatives clipped. */
export function weighted(activations: Value, weights: Value): Value {
  return F.relu(F.sum(F.mul(weights, activations), 1))
}
