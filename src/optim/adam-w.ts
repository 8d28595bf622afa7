// AdamW: Adam with decoupled weight decay, which is not divided by √v.
import { mul, sub } from '../ir/functional/elementwise.js'
import { direction, momentState } from './adam-moments.js'
import { ADAM_OPTIONS, type AdamOptions } from './adam.js'
import { checkOptim } from './optim-error.js'
import type { Optimizer } from './optimizer.js'

/**
 * Adam with decoupled weight decay (torch: `optim.AdamW`; Loshchilov & Hutter 2019). With m and v as in `adam`, but of
 * the gradient alone:
 *
 *     p = (1 − lr·λ)·p − lr · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + eps)
 *
 * @throws OptimError for a negative learning rate, eps or weight decay, and for betas outside [0, 1).
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  checkOptim('adamW', options, ADAM_OPTIONS)
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 1e-2, amsgrad = false } = options
  const moments = { betas, eps, amsgrad }
  return {
    name: 'adamW',
    learningRate: lr,
    weightDecay,
    ...momentState(moments),
    update: context => {
      const { parameter, gradient, learningRate, weightDecay: decay } = context
      const { ratio, factor, slots } = direction(context, gradient, moments)
      const decayed = decay === 0 ? parameter : mul(parameter, sub(1, mul(learningRate, decay)))
      return { parameter: sub(decayed, mul(ratio, mul(learningRate, factor))), slots }
    }
  }
}
