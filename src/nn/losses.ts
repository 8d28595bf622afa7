// Loss functions, as graphs.
import {
  aBoolean,
  anyInteger,
  checkOptions,
  finiteNumber,
  listOf,
  numberBetween,
  numberFrom,
  type NoOptions,
  type OptionsOf
} from '../base/options.js'
import { ShapeError } from '../base/errors.js'
import { abs, add, div, exp, heaviside, log, maximum, mul, neg, sub } from '../ir/functional/elementwise.js'
import { logSoftmax, mean, sum } from '../ir/functional/reduction.js'
import { cast, reshape } from '../ir/functional/shaping.js'
import { constant } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { staticDim, type Shape } from '../ir/shape.js'
import type { DType } from '../tensor/dtype.js'
import { formatShape, Tensor } from '../tensor/tensor.js'

export interface TargetForm {
  /** `classes`: an index per item; `values`: numbers of the output's shape; `answers`: such numbers in 0 … 1. */
  readonly kind: 'classes' | 'values' | 'answers'
  readonly dtype: DType
  readonly shape: Shape
}

/** A loss function. */
export interface Loss {
  readonly name: string
  /** The target's form for an output shape. */
  target(output: Shape): TargetForm
  /** The loss, a scalar. */
  apply(output: Value, target: Value): Value
  /** The class index that is ignored; undefined for losses without classes. */
  readonly ignoreIndex?: number
  /** The same loss for probability targets, as mixed images need; undefined if there is none. */
  readonly soft?: () => Loss
}

const CROSS_ENTROPY = {
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
export interface CrossEntropyOptions extends OptionsOf<typeof CROSS_ENTROPY> {}

/**
 * `−Σ target · log softmax(output)`, averaged over the batch (torch: `nn.CrossEntropyLoss`).
 *
 * Shape: output (N, K); target (N) int64 class indices, or (N, K) probabilities.
 * With class weights, the mean is weighted, as in torch.
 *
 * PyTorch difference: a single output is refused with a ShapeError; torch's loss of it is always 0.
 * @throws OptionError for a label smoothing outside 0 … 1, or weights below zero.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkOptions('crossEntropy', options, CROSS_ENTROPY)
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
  const weighted = (each: Value): Value => (weight ? mul(each, rowOf(weight)) : each)
  const ofProbabilities = (output: Value, given: Value): Value => {
    const [, classes] = classesOf(output.shape)
    const smoothed =
      labelSmoothing === 0 ? given : add(mul(given, 1 - labelSmoothing), labelSmoothing / classes)
    const loss = neg(sum(mul(weighted(smoothed), logSoftmax(output, 1))))
    return div(loss, staticDim('crossEntropy', output.shape, 0))
  }
  const ofClasses = (output: Value, given: Value): Value => {
    const [, classes] = classesOf(output.shape)
    const index = reshape(cast(given, 'float32'), [-1, 1])
    const isClass = sub(1, distinguishes(index, rowOf([...Array(classes).keys()])))
    const counts = mul(isClass, distinguishes(index, ignoreIndex)) // (N, K): a row of zeros where ignored
    const weights = weighted(counts)
    const total = sum(weights)
    const logs = logSoftmax(output, 1)
    const loss = neg(div(sum(mul(weights, logs)), total))
    if (labelSmoothing === 0) return loss
    const everywhere = div(neg(sum(mul(weighted(logs), sum(counts, 1, { keepDim: true })))), total)
    return add(mul(loss, 1 - labelSmoothing), mul(everywhere, labelSmoothing / classes))
  }
  if (probabilities) return { name: 'crossEntropy', target, apply: ofProbabilities }
  const soft = (): Loss => crossEntropy({ ...options, probabilities: true })
  return { name: 'crossEntropy', target, ignoreIndex, apply: ofClasses, soft }
}

function classesOf(output: Shape): readonly [items: Shape[number], classes: number] {
  if (output.length !== 2) {
    throw new ShapeError(`crossEntropy: expected an output of shape [N, K], got ${formatShape(output)}`)
  }
  const classes = staticDim('crossEntropy', output, 1)
  if (classes > 1) return [output[0], classes]
  const remedy = 'train a yes or no with binaryCrossEntropyWithLogits()'
  throw new ShapeError(
    `crossEntropy: an output of shape ${formatShape(output)} has one class, whose probability is always 1; ${remedy}`
  )
}

/** 1 where two whole numbers differ, 0 where they are the same. */
function distinguishes(a: Value, b: Value | number): Value {
  return heaviside(abs(sub(a, b)))
}

const BINARY = {
  /** Weight of each output; default 1. */
  weight: listOf(finiteNumber),
  /** Weight of positive targets, per output; default 1. */
  posWeight: listOf(finiteNumber)
}

/** Options of `binaryCrossEntropyWithLogits`, with torch's meaning. */
export interface BinaryCrossEntropyOptions extends OptionsOf<typeof BINARY> {}

/**
 * `−[t·log σ(x) + (1 − t)·log(1 − σ(x))]`, averaged over all outputs (torch: `nn.BCEWithLogitsLoss`).
 *
 * Shape: output (N, K), target (N, K) in 0 … 1; in training also (N) class indices 0 and 1 with a single output.
 */
export function binaryCrossEntropyWithLogits(options: BinaryCrossEntropyOptions = {}): Loss {
  const { weight, posWeight } = checkOptions('binaryCrossEntropyWithLogits', options, BINARY)
  return {
    name: 'binaryCrossEntropyWithLogits',
    target: output => ({ kind: 'answers', dtype: 'float32', shape: output }),
    apply(output, target) {
      // log(1 + e⁻ˣ) without overflow, for a large x of either sign.
      const unsure = add(log(add(exp(neg(abs(output))), 1)), maximum(neg(output), 0))
      const yes = posWeight ? add(mul(target, sub(rowOf(posWeight), 1)), 1) : undefined
      const loss = add(mul(sub(1, target), output), yes ? mul(yes, unsure) : unsure)
      return mean(weight ? mul(loss, rowOf(weight)) : loss)
    }
  }
}

/** Without a choice: `crossEntropy`, and `binaryCrossEntropyWithLogits` of a single output, which says yes or no. */
export function usualLoss({ probabilities = false } = {}): Loss {
  const several = crossEntropy({ probabilities })
  const single = binaryCrossEntropyWithLogits()
  const of = ([, outputs]: Shape): Loss => (outputs === 1 ? single : several)
  return {
    ...several,
    target: output => of(output).target(output),
    apply: (output, target) => of(output.shape).apply(output, target),
    ...(several.soft && { soft: () => usualLoss({ probabilities: true }) })
  }
}

/** `(output − target)²`, averaged over everything (torch: `nn.MSELoss`). Shape: target as the output. */
export function meanSquaredError(options: NoOptions = {}): Loss {
  checkOptions('meanSquaredError', options, {})
  return {
    name: 'meanSquaredError',
    target: output => ({ kind: 'values', dtype: 'float32', shape: output }),
    apply(output, target) {
      const error = sub(output, target)
      return mean(mul(error, error))
    }
  }
}

function rowOf(numbers: readonly number[]): Value {
  return constant(new Tensor(Float32Array.from(numbers), [1, numbers.length], 'float32'))
}
