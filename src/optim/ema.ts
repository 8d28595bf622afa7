// An exponential moving average of the weights, which often generalises better than the last weights.
import { decay as decayCheck } from '../base/options.js'
import type { Value } from '../ir/ops.js'
import { movingAverage } from './building-blocks.js'
import { checkOptim } from './optim-error.js'

/** Computes the next average from the last one and a parameter after its update. */
export type WeightAverage = (average: Value, parameter: Value) => Value

/**
 * An exponential moving average of weights: `decay · average + (1 − decay) · parameter` (timm: `ModelEmaV2`; torch:
 * `swa_utils.AveragedModel`). The average starts as a copy of the parameters, not as zero.
 * @param options `decay`: the decay rate; default 0.9999, as timm's.
 * @throws OptimError for a decay outside [0, 1).
 */
export function ema(options: { readonly decay?: number } = {}): WeightAverage {
  checkOptim('ema', options, { decay: decayCheck })
  const { decay = 0.9999 } = options
  return (average, parameter) => movingAverage(average, parameter, decay)
}
