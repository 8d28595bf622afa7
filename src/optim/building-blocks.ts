// Formulas that several optimisers share, and those around any of them: clipping of gradients, averages of weights.
import { decay as decayCheck, numberAbove, required } from '../base/options.js'
import { add, div, minimum, mul, sqrt, sub } from '../ir/functional/elementwise.js'
import { sum } from '../ir/functional/reduction.js'
import { cast, cat, reshape } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'
import { checkOptim } from './optimizer.js'

/** The gradient of the loss with `weightDecay / 2 · ‖parameter‖²` added to it: L2 regularisation. */
export function withWeightDecay(gradient: Value, parameter: Value, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay))
}

/**
 * `decay · average + (1 − decay) · value`. Written like torch.lerp, with one constant instead of two: 0.999 and 0.001, each rounded to float32, do not add up to
 * 1, so that an average of equal values would drift away from them.
 */
export function movingAverage(average: Value, value: Value, decay: number): Value {
  return decay < 0.5
    ? add(value, mul(sub(average, value), decay))
    : add(average, mul(sub(value, average), 1 - decay))
}

/** `‖x‖₂` over all elements: a scalar. */
export function norm(x: Value): Value {
  return sqrt(sum(mul(x, x)))
}

/** The sum of each value. Shape: k values of any shape → (k). */
export function sumOfEach(values: readonly Value[]): Value {
  return cat(values.map(value => reshape(sum(value), [1])))
}

/**
 * The layer-wise trust ratio of LARS and LAMB, `numerator / denominator` if the norms of weights and update are above zero,
 * else 1; all are scalars.
 * The graph has no conditionals, so both cases are added with weights 0 and 1, and a zero denominator becomes 1.
 */
export function trustRatio(weights: Value, update: Value, numerator: Value, denominator: Value): Value {
  const [hasWeights, hasUpdate] = [weights, update].map(length => cast(cast(length, 'bool'), 'float32'))
  const adapts = mul(hasWeights, hasUpdate)
  const keeps = sub(1, adapts)
  return add(mul(adapts, div(numerator, add(denominator, keeps))), keeps)
}

/** Added to the norm for numerical stability, as in torch's `clip_grad_norm_`. */
const EPS = 1e-6

/**
 * Scales gradients so that their global norm, `‖·‖₂` of all as if they were one vector, is at most `maxNorm` (torch:
 * `nn.utils.clip_grad_norm_`): each is multiplied by `min(1, maxNorm / (norm + 1e-6))`.
 * @throws OptimError when `maxNorm` is not above 0.
 */
export function clipByGlobalNorm(gradients: readonly Value[], maxNorm: number): Value[] {
  checkOptim('clipByGlobalNorm', { maxNorm }, { maxNorm: required(numberAbove(0)) })
  const length = sqrt(sum(sumOfEach(gradients.map(gradient => mul(gradient, gradient)))))
  const scale = minimum(div(maxNorm, add(length, EPS)), 1)
  return gradients.map(gradient => mul(gradient, scale))
}

/** Computes the next average from the last one and a parameter after its update. */
export type WeightAverage = (average: Value, parameter: Value) => Value

/**
 * An exponential moving average of weights: `decay · average + (1 − decay) · parameter` (timm: `ModelEmaV2`; torch:
 * `swa_utils.AveragedModel`). The average starts as a copy of the parameters, not as zero.
 * @param options `decay`: the decay rate; default 0.9999, as timm's.
 * @throws OptimError for a decay outside [0, 1).
 */
export function ema(options: { readonly decay?: number } = {}): WeightAverage {
  const { decay = 0.9999 } = checkOptim('ema', options, { decay: decayCheck })
  return (average, parameter) => movingAverage(average, parameter, decay)
}
