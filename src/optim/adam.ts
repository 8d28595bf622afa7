// Adam, AdamW, and the moving averages that LAMB has too: steps of nearly equal length, whatever the magnitude of the gradient.
import { aBoolean, decay, listOf, numberFrom, type OptionsOf, type Settled } from '../base/options.js'
import { add, div, maximum, mul, sqrt, sub } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { movingAverage, withWeightDecay } from './building-blocks.js'
import { checkOptim, type Optimizer, type ParameterUpdateContext } from './optimizer.js'

export const ADAM_OPTIONS = {
  /** Default 1e-3. */
  lr: numberFrom(0),
  /** Decay rates of the averages of g and of g²; default [0.9, 0.999]. */
  betas: listOf(decay, 2),
  /** Added to the denominator for numerical stability; default 1e-8. */
  eps: numberFrom(0),
  /** Default 0 for `adam`, 0.01 for the others. */
  weightDecay: numberFrom(0),
  /** Divide by the largest v so far (Reddi et al. 2018); default false. */
  amsgrad: aBoolean
}

/** Options of `adam` and `adamw`. */
export interface AdamOptions extends OptionsOf<typeof ADAM_OPTIONS> {}

type Moments = Settled<Pick<AdamOptions, 'betas' | 'eps' | 'amsgrad'>>

/** The update direction, and the next averages. */
interface Direction {
  /** `m / (√v + eps·√(1 − β₂ᵗ))`, still to be multiplied by `factor`. */
  readonly ratio: Value
  /** `√(1 − β₂ᵗ) / (1 − β₁ᵗ)`: a scalar. */
  readonly factor: Value
  readonly slots: Readonly<Record<string, Value>>
}

/** The slots of the averages, and the scalars that correct the bias of starting at zero. */
export function momentState({
  betas: [beta1, beta2],
  eps,
  amsgrad
}: Moments): Pick<Optimizer, 'slots' | 'scalars'> {
  return {
    slots: ['exp_avg', 'exp_avg_sq', ...(amsgrad ? ['max_exp_avg_sq'] : [])],
    scalars: step => {
      const correction2 = Math.sqrt(1 - beta2 ** step)
      return { correction: correction2 / (1 - beta1 ** step), eps: eps * correction2 }
    }
  }
}

/**
 * Updates the averages. Both bias corrections are taken out of the quotient (Kingma & Ba 2015, end of section 2):
 * `(m / c₁) / (√v / √c₂ + eps) = √c₂ / c₁ · m / (√v + eps·√c₂)`, which saves a pass over the parameter.
 */
export function direction(
  { slot, scalar }: ParameterUpdateContext,
  gradient: Value,
  { betas: [beta1, beta2], amsgrad }: Moments
): Direction {
  const average = movingAverage(slot('exp_avg'), gradient, beta1)
  const square = movingAverage(slot('exp_avg_sq'), mul(gradient, gradient), beta2)
  const largest = amsgrad ? maximum(slot('max_exp_avg_sq'), square) : square
  return {
    ratio: div(average, add(sqrt(largest), scalar('eps'))),
    factor: scalar('correction'),
    slots: { exp_avg: average, exp_avg_sq: square, ...(amsgrad ? { max_exp_avg_sq: largest } : {}) }
  }
}

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
  return adamOf('adam', options, 0)
}

/**
 * Adam with decoupled weight decay, which is not divided by √v (torch: `optim.AdamW`; Loshchilov & Hutter 2019). With m and
 * v as in `adam`, but of the gradient alone:
 *
 *     p = (1 − lr·λ)·p − lr · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + eps)
 *
 * @throws OptimError for a negative learning rate, eps or weight decay, and for betas outside [0, 1).
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  return adamOf('adamw', options, 1e-2)
}

function adamOf(name: 'adam' | 'adamw', options: AdamOptions, defaultDecay: number): Optimizer {
  const { lr = 1e-3, weightDecay = defaultDecay, ...given } = checkOptim(name, options, ADAM_OPTIONS)
  const moments = { betas: [0.9, 0.999], eps: 1e-8, amsgrad: false, ...given } as const
  const isDecoupled = name === 'adamw'
  return {
    name,
    learningRate: lr,
    weightDecay,
    ...momentState(moments),
    update: context => {
      const { parameter, gradient, learningRate, weightDecay: decay } = context
      const slope = isDecoupled ? gradient : withWeightDecay(gradient, parameter, decay)
      const { ratio, factor, slots } = direction(context, slope, moments)
      const decayed =
        isDecoupled && decay !== 0 ? mul(parameter, sub(1, mul(learningRate, decay))) : parameter
      return { parameter: sub(decayed, mul(ratio, mul(learningRate, factor))), slots }
    }
  }
}
