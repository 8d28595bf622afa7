// Statistics of a confusion matrix.
import { className } from '../../base/words.js'
import type { RunReport } from './record.js'

/** Counts by actual class (rows) and predicted class (columns). */
export type Confusion = NonNullable<RunReport['confusion']>

export interface ClassScore {
  readonly name: string
  /** Images of this class. */
  readonly support: number
  /** Images predicted as this class. */
  readonly predicted: number
  /** Share of correct predictions of this class; NaN if there are none. */
  readonly precision: number
  /** Share of this class's images that are recognised; NaN if there are none. */
  readonly recall: number
  /** The harmonic mean of both; NaN if there are no images and no predictions. */
  readonly f1: number
}

export function classScores(confusion: Confusion, classes: readonly string[] = []): ClassScore[] {
  return confusion.map((row, i) => {
    const support = row.reduce((sum, count) => sum + count, 0)
    const predicted = confusion.reduce((sum, counts) => sum + counts[i], 0)
    const [precision, recall] = [row[i] / predicted, row[i] / support]
    const f1 = (2 * row[i]) / (predicted + support)
    return { name: className(classes, i), support, predicted, precision, recall, f1 }
  })
}

/** Precision, recall and F1 averaged over classes. */
export type Averages = Pick<ClassScore, 'precision' | 'recall' | 'f1'>

/**
 * Macro averages: each class that has images or predictions counts the same, and what is undefined for it counts as 0
 * (scikit-learn: `average='macro', zero_division=0`).
 */
export function macroAverages(scores: readonly ClassScore[]): Averages {
  const seen = scores.filter(isSeen)
  const mean = (of: keyof Averages): number =>
    seen.reduce((sum, score) => sum + (Number.isNaN(score[of]) ? 0 : score[of]), 0) / seen.length
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') }
}

/** Whether a class has images, or any were taken for it. */
export function isSeen({ support, predicted }: ClassScore): boolean {
  return support > 0 || predicted > 0
}

/** Scores of classes with images, lowest recall first. */
export function worstFirst(scores: readonly ClassScore[]): ClassScore[] {
  return scores.filter(({ support }) => support > 0).sort((a, b) => a.recall - b.recall)
}

export interface ConfusedPair {
  readonly actual: string
  readonly predicted: string
  readonly count: number
  /** Share of the actual class's images. */
  readonly share: number
}

/** All confusions, most frequent first. */
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
