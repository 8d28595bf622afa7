// The explained class is an input of the graph: a one-hot row, or an empty row for the predicted class. One program so
// serves every class, without a run of its own for the prediction.
import { counted } from '../base/figures.js'
import { add, amax, heaviside, mul, sub, sum } from '../ir/functional/index.js'
import { constant } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { scoresOf } from '../tensor/probabilities.js'
import { tensor, type FloatTensor } from '../tensor/tensor.js'
import { ExplainError, type ExplainRequest, type Reading } from './explanation.js'
import { itemAt } from './items.js'

/** The classes' logits: of a single output that tells two apart, what speaks against it and for it. Shape: (N, 1) → (N, 2). */
export function classLogits(output: Value, { twoClasses }: Reading): Value {
  return twoClasses ? mul(output, constant(tensor([-1, 1], [1, 2]))) : output
}

/**
 * One-hot rows of the requested classes, or of the largest logit where a row is empty. Shapes: (N, classes).
 * Ties are all chosen; `hasTies` detects them.
 */
export function chosenOf(logits: Value, asked: Value): Value {
  const below = heaviside(sub(amax(logits, 1, { keepDim: true }), logits))
  const isOpen = sub(1, sum(asked, 1, { keepDim: true }))
  return add(asked, mul(isOpen, sub(1, below)))
}

/**
 * The requested class of each image; −1 for the predicted one.
 * @throws ExplainError for an unknown class or a wrong number of classes.
 */
export function askedClasses({ classIndex }: ExplainRequest, images: number, classes: number): number[] {
  if (classIndex === undefined) return Array.from({ length: images }, () => -1)
  const each =
    typeof classIndex === 'number' ? Array.from({ length: images }, () => classIndex) : [...classIndex]
  if (each.length !== images) {
    throw new ExplainError(
      `classIndex: ${counted(each.length, 'class', 'classes')} for ${counted(images, 'image', 'images')}; give one, or one for each`
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

/** The explained classes, with predictions where none was requested. */
export function settledClasses(asked: readonly number[], logits: FloatTensor): number[] {
  return asked.map((index, item) => (index >= 0 ? index : largestOf(itemAt(logits, item).data)))
}

/** Whether an image without a requested class has several largest logits. */
export function hasTies(asked: readonly number[], logits: FloatTensor): boolean {
  return asked.some((index, item) => {
    if (index >= 0) return false
    const row = itemAt(logits, item).data
    const largest = row[largestOf(row)]
    return row.filter(logit => logit === largest).length > 1
  })
}

/** The probability of one class per item, in float64. */
export function probabilities(
  logits: FloatTensor,
  classIndex: readonly number[],
  { multiLabel, twoClasses }: Reading = {}
): number[] {
  return classIndex.map((index, item) => {
    return scoresOf(itemAt(logits, item).data, twoClasses ? true : multiLabel)[index]
  })
}

function largestOf(row: Float32Array): number {
  return row.reduce((best, logit, index) => (logit > row[best] ? index : best), 0)
}
