// How well each class is found, counted from a confusion matrix.
import { className } from '../base/class-name.js'
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
