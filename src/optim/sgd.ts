// Stochastic gradient descent, with momentum as torch defines it.
import { withWeightDecay } from './building-blocks.js'
import { aBoolean, finiteNumber, numberFrom, required, type OptionsOf } from '../base/options.js'
import { checkMomentum, descend, momentumState } from './momentum.js'
import { checkOptim } from './optim-error.js'
import type { Optimizer } from './optimizer.js'

const OPTIONS = {
  lr: required(numberFrom(0)),
  momentum: numberFrom(0),
  /** The fraction of each gradient but the first that is left out of the momentum buffer. */
  dampening: finiteNumber,
  /** Look ahead by one more momentum step; needs momentum and no dampening. */
  nesterov: aBoolean,
  weightDecay: numberFrom(0)
}

/** Options of `sgd`, with torch's defaults: all off. */
export interface SgdOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Stochastic gradient descent (torch: `optim.SGD`). With g the gradient, λ the weight decay, μ the momentum and τ the
 * dampening:
 *
 *     d = g + λ·p
 *     b = μ·b + (1 − τ)·d       (b = d in step 1)
 *     p = p − lr·b              (p − lr·(d + μ·b) with nesterov)
 *
 * Unlike in Sutskever et al. 2013 the buffer does not contain the learning rate, so a change takes effect at once.
 * @throws OptimError for a negative learning rate, momentum or weight decay, and for nesterov without momentum.
 */
export function sgd(options: SgdOptions): Optimizer {
  checkOptim('sgd', options, OPTIONS)
  const { lr, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options
  const past = { momentum, dampening, nesterov }
  checkMomentum('sgd', past)
  return {
    name: 'sgd',
    learningRate: lr,
    weightDecay,
    ...momentumState(past),
    update: context =>
      descend(context, withWeightDecay(context.gradient, context.parameter, context.weightDecay), past)
  }
}
