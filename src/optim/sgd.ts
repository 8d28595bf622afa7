// Stochastic gradient descent, with momentum as torch defines it; LARS and RMSprop end with the same step.
import {
  aBoolean,
  finiteNumber,
  numberFrom,
  required,
  type OptionsOf,
  type Settled
} from '../base/options.js'
import { add, mul, sub } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { withWeightDecay } from './building-blocks.js'
import {
  checkOptim,
  OptimError,
  type Optimizer,
  type ParameterUpdate,
  type ParameterUpdateContext
} from './optimizer.js'

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
  const { lr, weightDecay = 0, ...given } = checkOptim('sgd', options, OPTIONS)
  const past = { momentum: 0, dampening: 0, nesterov: false, ...given }
  return {
    name: 'sgd',
    learningRate: lr,
    weightDecay,
    ...momentumState('sgd', past),
    update: context =>
      descend(context, withWeightDecay(context.gradient, context.parameter, context.weightDecay), past)
  }
}

type Momentum = Settled<Pick<SgdOptions, 'momentum' | 'dampening' | 'nesterov'>>

const BUFFER = 'momentum_buffer'
const SHARE = 'gradientShare'

/** Slots and scalars of momentum. @throws OptimError for nesterov without momentum or with dampening, as torch's SGD. */
export function momentumState(
  owner: string,
  { momentum, dampening, nesterov }: Momentum
): Pick<Optimizer, 'slots' | 'scalars'> {
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new OptimError(`${owner}: nesterov needs a momentum above 0 and a dampening of 0`)
  }
  return {
    slots: momentum === 0 ? [] : [BUFFER],
    // torch initialises the buffer with the first gradient, undampened.
    scalars: step => (momentum === 0 || dampening === 0 ? {} : { [SHARE]: step === 1 ? 1 : 1 - dampening })
  }
}

/** Updates a parameter against a direction, scaled by the learning rate. */
export function descend(
  { parameter, learningRate, slot, scalar }: ParameterUpdateContext,
  direction: Value,
  { momentum, dampening, nesterov }: Momentum
): ParameterUpdate {
  const move = (by: Value): Value => sub(parameter, mul(by, learningRate))
  if (momentum === 0) return { parameter: move(direction), slots: {} }
  const share = dampening === 0 ? direction : mul(direction, scalar(SHARE))
  const buffer = add(mul(slot(BUFFER), momentum), share)
  return {
    parameter: move(nesterov ? add(direction, mul(buffer, momentum)) : buffer),
    slots: { [BUFFER]: buffer }
  }
}
