// LAMB: AdamW with a trust ratio per layer, as LARS is for SGD.
import { aBoolean, numberFrom, type OptionsOf } from '../base/options.js'
import { mul, sub } from '../ir/functional/elementwise.js'
import { ADAM_OPTIONS, direction, momentState } from './adam.js'
import { norm, trustRatio, withWeightDecay } from './building-blocks.js'
import { checkOptim, type Optimizer } from './optimizer.js'

const { amsgrad: _, ...SHARED } = ADAM_OPTIONS
const OPTIONS = {
  ...SHARED,
  /** Added to the denominator for numerical stability; default 1e-6. */
  eps: numberFrom(0),
  /** Also adapt parameters without weight decay, which otherwise follow plain Adam; default false. */
  alwaysAdapt: aBoolean
}

/** Options of `lamb`, with the defaults of timm's `Lamb`. */
export interface LambOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Layer-wise adaptive moments for large batches (timm: `Lamb`; You et al. 2020, arXiv 1904.00962). With m and v as in
 * `adam`, of the gradient alone:
 *
 *     u = m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + eps) + λ·p
 *     r = ‖p‖ / ‖u‖                       (1 where either is 0)
 *     p = p − lr·r·u
 *
 * Parameters with a weight decay of 0 are not adapted. timm's `Lamb` also clips the gradients to a global norm of 1;
 * here that is `clipNorm: 1` of `createTrainer`.
 * @throws OptimError for a negative learning rate, eps or weight decay, and for betas outside [0, 1).
 */
export function lamb(options: LambOptions = {}): Optimizer {
  const {
    lr = 1e-3,
    weightDecay = 1e-2,
    alwaysAdapt = false,
    ...given
  } = checkOptim('lamb', options, OPTIONS)
  const moments = { betas: [0.9, 0.999], eps: 1e-6, amsgrad: false, ...given } as const
  return {
    name: 'lamb',
    learningRate: lr,
    weightDecay,
    ...momentState(moments),
    update: context => {
      const { parameter, gradient, learningRate, weightDecay: decay } = context
      const { ratio, factor, slots } = direction(context, gradient, moments)
      if (decay === 0 && !alwaysAdapt) {
        return { parameter: sub(parameter, mul(ratio, mul(learningRate, factor))), slots }
      }
      const step = withWeightDecay(mul(ratio, factor), parameter, decay)
      const [weights, length] = [norm(parameter), norm(step)]
      const trust = trustRatio(weights, length, weights, length)
      return { parameter: sub(parameter, mul(step, mul(learningRate, trust))), slots }
    }
  }
}
