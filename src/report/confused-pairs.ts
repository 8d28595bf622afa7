// Which class is taken for which, most often first.
import { className } from '../base/class-name.js'
import type { Confusion } from './class-scores.js'

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
