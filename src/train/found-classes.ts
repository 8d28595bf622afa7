// Which classes a network finds in images: what accuracy is counted from, in a step and in a measurement alike.
import type { Tensor } from '../tensor/tensor.js'
import { indicesOf, type Batch } from './batch.js'

/** An image's class, and the one it was taken for. */
export interface FoundClass {
  readonly label: number
  readonly found: number
}

/**
 * Of every image whose label counts, its class and the one that was found; nothing where labels are not class indices.
 * @param output of the network. Shape: (N, K).
 * @param classes how many a label can name.
 * @param ignoreIndex the label that does not count, as in the loss.
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

/** The share of images whose class was found; nothing where there are none. */
export function accuracyOf(found: readonly FoundClass[] = []): number | undefined {
  if (found.length === 0) return undefined
  return found.filter(each => each.label === each.found).length / found.length
}

function foundIn({ data, shape }: Tensor, row: number, classes: number): number {
  const [, outputs] = shape
  // A single output that tells two classes apart says yes above zero, where it is more likely than no.
  if (outputs === 1 && classes === 2) return data[row] > 0 ? 1 : 0
  let best = 0
  for (let i = 1; i < outputs; i++) {
    if (data[row * outputs + i] > data[row * outputs + best]) best = i
  }
  return best
}
