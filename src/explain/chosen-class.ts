// Which class is explained: a row of the graph's input that is one at a class, or empty where the network's own answer is
// meant. So one session serves every class, and the network's answer needs no run of its own.
import { add, amax, heaviside, mul, sub, sum } from '../ir/functional/index.js'
import type { Value } from '../ir/ops.js'
import { oneHot, softmax } from '../tensor/probabilities.js'
import type { Tensor } from '../tensor/tensor.js'
import { ExplainError } from './explain-error.js'
import type { ExplainRequest } from './explanation.js'

/** The name of the input that says which class. */
export const CLASS_INPUT = 'class'

/**
 * The asked class of each item or, where its row is empty, the one of the largest logit. Shapes: (N, classes).
 * Equal largest logits are all chosen; `hasTies` finds such items.
 */
export function chosenOf(logits: Value, asked: Value): Value {
  const below = heaviside(sub(amax(logits, 1, { keepDim: true }), logits))
  const isOpen = sub(1, sum(asked, 1, { keepDim: true }))
  return add(asked, mul(isOpen, sub(1, below)))
}

/**
 * The class asked for each of some images; −1 for the network's own answer.
 * @throws ExplainError when there is no such class, or there are not as many as images.
 */
export function askedClasses({ classIndex }: ExplainRequest, images: number, classes: number): number[] {
  if (classIndex === undefined) return Array.from({ length: images }, () => -1)
  const each =
    typeof classIndex === 'number' ? Array.from({ length: images }, () => classIndex) : [...classIndex]
  if (each.length !== images) {
    throw new ExplainError(
      `classIndex: ${each.length} classes for ${images} images; give one, or one for each`
    )
  }
  for (const index of each) {
    if (Number.isSafeInteger(index) && index >= 0 && index < classes) continue
    throw new ExplainError(
      `There is no class ${index}: the network tells ${classes} apart, 0 to ${classes - 1}`
    )
  }
  return each
}

/** Rows for the graph. Shape: (N, classes). */
export function classRows(asked: readonly number[], classes: number): Tensor<'float32'> {
  return oneHot(asked, classes)
}

/** The classes that were explained, with the network's answers where none were asked. */
export function settledClasses(asked: readonly number[], logits: Tensor<'float32'>): number[] {
  return asked.map((index, item) => (index >= 0 ? index : largestOf(rowOf(logits, item))))
}

/** Whether some image that no class was asked of has several largest logits. */
export function hasTies(asked: readonly number[], logits: Tensor<'float32'>): boolean {
  return asked.some((index, item) => {
    if (index >= 0) return false
    const row = rowOf(logits, item)
    const largest = row[largestOf(row)]
    return row.filter(logit => logit === largest).length > 1
  })
}

/** Softmax probabilities of one class of each item, in float64. */
export function probabilities(logits: Tensor<'float32'>, classIndex: readonly number[]): number[] {
  return classIndex.map((index, item) => softmax(rowOf(logits, item))[index])
}

function rowOf({ data, shape: [, classes] }: Tensor<'float32'>, item: number): Float32Array {
  return data.subarray(item * classes, (item + 1) * classes)
}

/** The first of equals. */
function largestOf(row: Float32Array): number {
  return row.reduce((best, logit, index) => (logit > row[best] ? index : best), 0)
}
