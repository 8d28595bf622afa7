// Adam: steps of nearly equal length, whatever the magnitude of the gradient.
import { aBoolean, numberFrom, type OptionsOf } from '../base/options.js'
import { mul, sub } from '../ir/functional/elementwise.js'
import { BETAS, direction, momentState } from './adam-moments.js'
import { withWeightDecay } from './building-blocks.js'
import { checkOptim } from './optim-error.js'
import type { Optimizer } from './optimizer.js'

/** What options `adam` and `adamW` take. */
export const ADAM_OPTIONS = {
  /** Default 1e-3. */
  lr: numberFrom(0),
  /** Decay rates of the averages of g and of g²; default [0.9, 0.999]. */
  betas: BETAS,
  /** Added to the denominator for numerical stability; default 1e-8. */
  eps: numberFrom(0),
  /** Default 0 for `adam`, 0.01 for `adamW`. */
  weightDecay: numberFrom(0),
  /** Divide by the largest v so far (Reddi et al. 2018); default false. */
  amsgrad: aBoolean
}

/** Options of `adam` and `adamW`. */
export interface AdamOptions extends OptionsOf<typeof ADAM_OPTIONS> {}

/**
 * Adam (torch: `optim.Adam`; Kingma & Ba 2015). In step t, with λ the weight decay:
 *
 *     d = g + λ·p
 *     m = β₁·m + (1 − β₁)·d
 *     v = β₂·v + (1 − β₂)·d²
 *     p = p − lr · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + eps)
 *
 * @throws OptimError for a negative learning rate, eps or weight decay, and for betas outside [0, 1).
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptim('adam', options, ADAM_OPTIONS)
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, amsgrad = false } = options
  const moments = { betas, eps, amsgrad }
  return {
    name: 'adam',
    learningRate: lr,
    weightDecay,
    ...momentState(moments),
    update: context => {
      const { parameter, gradient, learningRate } = context
      const decayed = withWeightDecay(gradient, parameter, context.weightDecay)
      const { ratio, factor, slots } = direction(context, decayed, moments)
      return { parameter: sub(parameter, mul(ratio, mul(learningRate, factor))), slots }
    }
  }
}
