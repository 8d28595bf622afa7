// Predicted classes, for accuracies in training and evaluation.
import type { Tensor } from '../tensor/tensor.js'
import { indicesOf, type Batch } from './batch.js'

/** An image's actual and predicted class. */
export interface FoundClass {
  readonly label: number
  readonly found: number
}

/**
 * Actual and predicted class of every image that is not ignored; undefined if labels are not class indices.
 * @param output the network's output. Shape: (N, K).
 * @param classes number of classes.
 * @param ignoreIndex the ignored label, as in the loss.
 */
export function foundClasses(
  output: Tensor,
  batch: Batch,
  classes: number,
  ignoreIndex: number | undefined
): readonly FoundClass[] | undefined {
  const labels = indicesOf(batch)
  if (!labels || output.shape.length !== 2) return undefined
  return labels.flatMap((label, row) =>
    label === ignoreIndex ? [] : [{ label, found: foundIn(output, row, classes) }]
  )
}

/** Share of correct predictions; undefined if there are none. */
export function accuracyOf(found: readonly FoundClass[] = []): number | undefined {
  if (found.length === 0) return undefined
  return found.filter(each => each.label === each.found).length / found.length
}

function foundIn({ data, shape }: Tensor, row: number, classes: number): number {
  const [, outputs] = shape
  // A single binary output predicts class 1 above zero, where its probability exceeds ½.
  if (outputs === 1 && classes === 2) return data[row] > 0 ? 1 : 0
  let best = 0
  for (let i = 1; i < outputs; i++) {
    if (data[row * outputs + i] > data[row * outputs + best]) best = i
  }
  return best
}
