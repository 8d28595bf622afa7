// LARS, for large batches: each layer's step is proportional to the norm of its weights.
import { aBoolean, numberAbove, numberFrom, type OptionsOf } from '../base/options.js'
import { add, mul } from '../ir/functional/elementwise.js'
import { norm, trustRatio, withWeightDecay } from './building-blocks.js'
import { checkOptim, type Optimizer } from './optimizer.js'
import { descend, momentumState } from './sgd.js'

const OPTIONS = {
  /** Default 1. */
  lr: numberFrom(0),
  momentum: numberFrom(0),
  nesterov: aBoolean,
  weightDecay: numberFrom(0),
  /** The trust coefficient, η in the paper; default 0.001. */
  trustCoefficient: numberAbove(0),
  /** Added to the denominator for numerical stability; default 1e-8. */
  eps: numberFrom(0),
  /** Also adapt parameters without weight decay, which otherwise follow plain SGD; default false. */
  alwaysAdapt: aBoolean
}

/** Options of `lars`, with the defaults of timm's `Lars`. */
export interface LarsOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Layer-wise adaptive rate scaling (timm: `Lars`; You, Gitman & Ginsburg 2017, arXiv 1708.03888). SGD with momentum on
 * a gradient that is scaled to the parameter:
 *
 *     r = η·‖p‖ / (‖g‖ + λ·‖p‖ + eps)     (1 where ‖p‖ or ‖g‖ is 0)
 *     d = r·(g + λ·p)
 *     b = μ·b + d
 *     p = p − lr·b
 *
 * Parameters with a weight decay of 0, usually biases and the weights of normalisation layers, are not adapted.
 * @throws OptimError for a negative learning rate, momentum, weight decay or eps, and for nesterov without momentum.
 */
export function lars(options: LarsOptions = {}): Optimizer {
  const {
    lr = 1,
    momentum = 0,
    nesterov = false,
    weightDecay = 0,
    ...given
  } = checkOptim('lars', options, OPTIONS)
  const { trustCoefficient = 1e-3, eps = 1e-8, alwaysAdapt = false } = given
  const past = { momentum, dampening: 0, nesterov }
  return {
    name: 'lars',
    learningRate: lr,
    weightDecay,
    ...momentumState('lars', past),
    update: context => {
      const { parameter, gradient, weightDecay: decay } = context
      if (decay === 0 && !alwaysAdapt) return descend(context, gradient, past)
      const [weights, slope] = [norm(parameter), norm(gradient)]
      const denominator = add(add(slope, mul(weights, decay)), eps)
      const ratio = trustRatio(weights, slope, mul(weights, trustCoefficient), denominator)
      return descend(context, mul(withWeightDecay(gradient, parameter, decay), ratio), past)
    }
  }
}
