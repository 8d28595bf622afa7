// Formulas that several optimisers share.
import { add, mul, sqrt, sub } from '../ir/functional/elementwise.js'
import { sum } from '../ir/functional/reduction.js'
import type { Value } from '../ir/ops.js'
import { cat, reshape } from '../ir/functional/shaping.js'

/** The gradient of the loss with `weightDecay / 2 · ‖parameter‖²` added to it: L2 regularisation. */
export function withWeightDecay(gradient: Value, parameter: Value, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay))
}

/**
 * `decay · average + (1 − decay) · value`.
 *
 * Written like torch.lerp, with one constant instead of two: 0.999 and 0.001, each rounded to float32, do not add up to
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
