// The two moving averages of Adam, AdamW and LAMB, and the direction they point in.
import { decay, listOf, type Check } from '../base/options.js'
import { add, div, maximum, mul, sqrt } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { movingAverage } from './building-blocks.js'
import type { Optimizer, ParameterUpdateContext } from './optimizer.js'

/** Options that Adam, AdamW and LAMB share. */
export interface Moments {
  /** Decay rates of the averages of g and of g². */
  readonly betas: readonly [number, number]
  readonly eps: number
  readonly amsgrad: boolean
}

/** The update direction, and the next averages. */
export interface Direction {
  /** `m / (√v + eps·√(1 − β₂ᵗ))`, still to be multiplied by `factor`. */
  readonly ratio: Value
  /** `√(1 − β₂ᵗ) / (1 − β₁ᵗ)`: a scalar. */
  readonly factor: Value
  readonly slots: Readonly<Record<string, Value>>
}

/** What betas torch's Adam accepts. */
export const BETAS: Check<readonly [number, number]> = listOf(decay, 2)

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
    slots: {
      exp_avg: average,
      exp_avg_sq: square,
      ...(amsgrad ? { max_exp_avg_sq: largest } : {})
    }
  }
}
