// What a confusion matrix says: how well each class is found, and which is taken for which.
import { className } from '../base/words.js'
import type { RunReport } from './record.js'

/** Counts by actual (rows) and predicted class (columns). */
export type Confusion = NonNullable<RunReport['confusion']>

/** How well one class is told from the others. */
export interface ClassScore {
  readonly name: string
  /** Images that are of this class. */
  readonly support: number
  /** Images that were taken for this class. */
  readonly predicted: number
  /** Of the images taken for this class, the share that are; NaN where there are none. */
  readonly precision: number
  /** Of the images of this class, the share that were found; NaN where there are none. */
  readonly recall: number
}

/** One score a class, in the order of the matrix. */
export function classScores(confusion: Confusion, classes: readonly string[] = []): ClassScore[] {
  const predicted = Array.from({ length: confusion.length }, () => 0)
  for (const row of confusion) {
    for (const [column, count] of row.entries()) predicted[column] += count
  }
  return confusion.map((row, i) => {
    const support = row.reduce((sum, count) => sum + count, 0)
    return {
      name: className(classes, i),
      support,
      predicted: predicted[i],
      precision: predicted[i] === 0 ? NaN : row[i] / predicted[i],
      recall: support === 0 ? NaN : row[i] / support
    }
  })
}

/** The scores of classes that have images, those found least first. */
export function worstFirst(scores: readonly ClassScore[]): ClassScore[] {
  return scores.filter(({ support }) => support > 0).sort((a, b) => a.recall - b.recall)
}

/** One kind of mistake. */
export interface ConfusedPair {
  readonly actual: string
  readonly predicted: string
  readonly count: number
  /** Of the images of the actual class. */
  readonly share: number
}

/** Every mistake that was made, most frequent first. */
export function confusedPairs(confusion: Confusion, classes: readonly string[] = []): ConfusedPair[] {
  const pairs = confusion.flatMap((row, i) => {
    const support = row.reduce((sum, count) => sum + count, 0)
    return row.flatMap((count, j) =>
      i === j || count === 0
        ? []
        : [{ actual: className(classes, i), predicted: className(classes, j), count, share: count / support }]
    )
  })
  return pairs.sort((a, b) => b.count - a.count)
}
