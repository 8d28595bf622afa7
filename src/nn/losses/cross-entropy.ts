import {
  aBoolean,
  anyInteger,
  checkOptions,
  listOf,
  numberBetween,
  numberFrom,
  type OptionsOf
} from '../../base/options.js'
import { abs, add, div, heaviside, mul, neg, sub } from '../../ir/functional/elementwise.js'
import { logSoftmax, sum } from '../../ir/functional/reduction.js'
import { cast, reshape } from '../../ir/functional/shaping.js'
import { constant } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim, type Shape } from '../../ir/shape.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import type { Loss } from './loss.js'

const OPTIONS = {
  /** Weight of each class; default 1. */
  weight: listOf(numberFrom(0)),
  /** Items of this class are ignored; default −100. Only for class indices. */
  ignoreIndex: anyInteger,
  /** Label smoothing (arXiv:1512.00567); default 0. */
  labelSmoothing: numberBetween(0, 1),
  /** Targets are probabilities of all classes instead of one class's index; default false. */
  probabilities: aBoolean
}

/** Options of `crossEntropy`, with torch's meaning and defaults. */
export interface CrossEntropyOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * `−Σ target · log softmax(output)`, averaged over the batch (torch: `nn.CrossEntropyLoss`).
 *
 * Shape: output (N, K); target (N) int64 class indices, or (N, K) probabilities.
 * With class weights, the mean is weighted, as in torch.
 * @throws OptionError for a label smoothing outside 0 … 1, or weights below zero.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkOptions('crossEntropy', options, OPTIONS)
  const { weight, ignoreIndex = -100, labelSmoothing = 0, probabilities = false } = options
  const target: Loss['target'] = output => {
    const [items, classes] = classesOf(output)
    if (weight && weight.length !== classes) {
      throw new ShapeError(
        `crossEntropy: ${weight.length} class weights do not fit an output of shape ${formatShape(output)}`
      )
    }
    return probabilities
      ? { kind: 'values', dtype: 'float32', shape: output }
      : { kind: 'classes', dtype: 'int64', shape: [items] }
  }
  if (probabilities) {
    return { name: 'crossEntropy', target, apply: (output, given) => ofProbabilities(output, given, options) }
  }
  return {
    name: 'crossEntropy',
    target,
    ignoreIndex,
    apply: (output, given) => ofClasses(output, given, { weight, ignoreIndex, labelSmoothing }),
    soft: () => crossEntropy({ ...options, probabilities: true })
  }
}

function classesOf(output: Shape): readonly [items: Shape[number], classes: number] {
  if (output.length !== 2) {
    throw new ShapeError(`crossEntropy: expected an output of shape [N, K], got ${formatShape(output)}`)
  }
  return [output[0], staticDim('crossEntropy', output, 1)]
}

function ofClasses(
  output: Value,
  target: Value,
  {
    weight,
    ignoreIndex,
    labelSmoothing
  }: { weight: readonly number[] | undefined; ignoreIndex: number; labelSmoothing: number }
): Value {
  const [, classes] = classesOf(output.shape)
  const index = reshape(cast(target, 'float32'), [-1, 1])
  const isClass = sub(1, distinguishes(index, classIndices(classes)))
  const counts = mul(isClass, distinguishes(index, ignoreIndex)) // (N, K): a row of zeros where ignored
  const weights = weight ? mul(counts, rowOf(weight)) : counts
  const total = sum(weights)
  const logs = logSoftmax(output, 1)
  const loss = neg(div(sum(mul(weights, logs)), total))
  if (labelSmoothing === 0) return loss
  const spread = weight ? mul(logs, rowOf(weight)) : logs
  const everywhere = div(neg(sum(mul(spread, sum(counts, 1, { keepDim: true })))), total)
  return add(mul(loss, 1 - labelSmoothing), mul(everywhere, labelSmoothing / classes))
}

function ofProbabilities(
  output: Value,
  target: Value,
  { weight, labelSmoothing = 0 }: CrossEntropyOptions
): Value {
  const [, classes] = classesOf(output.shape)
  const smoothed =
    labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / classes)
  const weighted = weight ? mul(smoothed, rowOf(weight)) : smoothed
  return div(neg(sum(mul(weighted, logSoftmax(output, 1)))), staticDim('crossEntropy', output.shape, 0))
}

/** 1 where two whole numbers differ, 0 where they are the same. */
function distinguishes(a: Value, b: Value | number): Value {
  return heaviside(abs(sub(a, b)))
}

function classIndices(classes: number): Value {
  return rowOf(Array.from({ length: classes }, (_, i) => i))
}

function rowOf(numbers: readonly number[]): Value {
  return constant(new Tensor(Float32Array.from(numbers), [1, numbers.length], 'float32'))
}
