// RMSprop: gradients divided by a moving average of their magnitude.
import { aBoolean, decay, numberFrom, type OptionsOf, type Settled } from '../base/options.js'
import { add, div, mul, relu, sqrt, sub } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { movingAverage, withWeightDecay } from './building-blocks.js'
import { checkOptim, type Optimizer, type ParameterUpdate, type ParameterUpdateContext } from './optimizer.js'
import { descend, momentumState } from './sgd.js'

const OPTIONS = {
  /** Default 0.01. */
  lr: numberFrom(0),
  /** Decay rate of the average of g²; default 0.99. */
  alpha: decay,
  /** Added to the denominator for numerical stability; default 1e-8. */
  eps: numberFrom(0),
  weightDecay: numberFrom(0),
  momentum: numberFrom(0),
  /** Divide by the standard deviation of the gradient instead of its magnitude; default false. */
  centered: aBoolean
}

/** Options of `rmsprop`. */
export interface RmspropOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * RMSprop (torch: `optim.RMSprop`; Hinton's lecture 6e, 2012). With λ the weight decay, α the smoothing, μ the momentum:
 *
 *     d = g + λ·p
 *     v = α·v + (1 − α)·d²
 *     a = α·a + (1 − α)·d       (a = 0 unless centred)
 *     b = μ·b + d / (√(v − a²) + eps)
 *     p = p − lr·b
 *
 * PyTorch difference: alpha of 1 and above is rejected, which torch accepts; and if rounding makes a centred v − a²
 * negative, it counts as zero, where torch gives NaN.
 * @throws OptimError for a negative learning rate, eps, momentum or weight decay, and for alpha outside [0, 1).
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { lr = 1e-2, weightDecay = 0, momentum = 0, ...given } = checkOptim('rmsprop', options, OPTIONS)
  const form = { alpha: 0.99, eps: 1e-8, centered: false, ...given }
  const plain = { momentum, dampening: 0, nesterov: false }
  const { slots: buffer, scalars } = momentumState('rmsprop', plain)
  return {
    name: 'rmsprop',
    learningRate: lr,
    weightDecay,
    slots: ['square_avg', ...buffer, ...(form.centered ? ['grad_avg'] : [])],
    scalars,
    update: context => {
      const { quotient, slots } = normalised(context, form)
      const update = descend(context, quotient, plain)
      return { parameter: update.parameter, slots: { ...slots, ...update.slots } }
    }
  }
}

/** The gradient divided by its root mean square. */
function normalised(
  { parameter, gradient, weightDecay, slot }: ParameterUpdateContext,
  { alpha, eps, centered }: Settled<Pick<RmspropOptions, 'alpha' | 'eps' | 'centered'>>
): { quotient: Value; slots: ParameterUpdate['slots'] } {
  const decayed = withWeightDecay(gradient, parameter, weightDecay)
  const over = (variance: Value): Value => div(decayed, add(sqrt(variance), eps))
  const square = movingAverage(slot('square_avg'), mul(decayed, decayed), alpha)
  if (!centered) return { quotient: over(square), slots: { square_avg: square } }
  const average = movingAverage(slot('grad_avg'), decayed, alpha)
  return {
    quotient: over(relu(sub(square, mul(average, average)))),
    slots: { square_avg: square, grad_avg: average }
  }
}
