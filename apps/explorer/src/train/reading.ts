// Conclusions from the curves: facts, which each language puts into a sentence.
import type { Pair } from '../lab/train.js'
import { currentLoss, stepsOf, type History, type LaneHistory } from './history.js'

/** A conclusion. */
export type Fact =
  /** There are too few steps to tell anything. */
  | { readonly kind: 'early'; readonly steps: number }
  | { readonly kind: 'diverged'; readonly lane: 0 | 1; readonly step: number }
  | { readonly kind: 'failed'; readonly lane: 0 | 1; readonly reason: string }
  /** Neither is better than guessing. */
  | { readonly kind: 'bothGuess'; readonly steps: number; readonly accuracies: Pair<number> }
  /** One guesses while the other has learned. */
  | {
      readonly kind: 'oneGuesses'
      readonly lane: 0 | 1
      readonly steps: number
      readonly accuracies: Pair<number>
    }
  | {
      readonly kind: 'ahead'
      readonly lane: 0 | 1
      readonly steps: number
      readonly accuracies: Pair<number>
    }
  | { readonly kind: 'alike'; readonly steps: number; readonly accuracies: Pair<number> }
  | { readonly kind: 'losses'; readonly lower: 0 | 1; readonly times: number; readonly losses: Pair<number> }
  /** How much of the last layer's gradient reaches the first, and in which networks that is next to nothing. */
  | { readonly kind: 'reach'; readonly reaches: Pair<number>; readonly vanishes: Pair<boolean> }

/** With fewer steps it is too early to compare. */
const FEW_STEPS = 10
/** Guessing among ten digits. */
const CHANCE = 0.1
/** Below this, accuracy is hardly better than guessing: a tenth of the way from chance to perfect. */
const GUESSING = CHANCE + (1 - CHANCE) / 10
/** Accuracies that differ by less count as equal: a few hundred digits resolve no more. */
const ALIKE = 0.02
/** Losses with a smaller ratio count as equal. */
const ALIKE_TIMES = 1.5
/** Below this ratio the gradient counts as vanished. */
const FAR = 10
/** The ratio is a median over this many steps, because it fluctuates. */
const RECENT = 10

/** Draws conclusions from a history, the most important first. */
export function readHistory(history: History): Fact[] {
  const ends = history.flatMap(({ end }, at): Fact[] => {
    const lane = at === 0 ? 0 : 1
    if (end?.kind === 'diverged') return [{ kind: 'diverged', lane, step: end.step }]
    return end ? [{ kind: 'failed', lane, reason: end.reason }] : []
  })
  const steps = stepsOf(history)
  if (ends.length > 0) return ends
  if (steps < FEW_STEPS) return [{ kind: 'early', steps }]
  return [...accuracyFacts(history), ...lossFacts(history), ...gradientFacts(history)]
}

function accuracyFacts([a, b]: History): Fact[] {
  const last = a.accuracies.at(-1)
  const same = b.accuracies.at(-1)
  if (!last || last.after !== same?.after) return []
  const accuracies = [last.value, same.value] as const
  const steps = last.after
  const [guessA, guessB] = accuracies.map(value => value < GUESSING)
  if (guessA && guessB) return [{ kind: 'bothGuess', steps, accuracies }]
  if (guessA || guessB) return [{ kind: 'oneGuesses', lane: guessA ? 0 : 1, steps, accuracies }]
  if (Math.abs(last.value - same.value) < ALIKE) return [{ kind: 'alike', steps, accuracies }]
  return [{ kind: 'ahead', lane: last.value > same.value ? 0 : 1, steps, accuracies }]
}

function lossFacts([a, b]: History): Fact[] {
  const [lossA, lossB] = [currentLoss(a), currentLoss(b)]
  if (lossA === undefined || lossB === undefined) return []
  const times = Math.max(lossA / lossB, lossB / lossA)
  if (!(times >= ALIKE_TIMES)) return []
  return [{ kind: 'losses', lower: lossA < lossB ? 0 : 1, times, losses: [lossA, lossB] }]
}

function gradientFacts([a, b]: History): Fact[] {
  const reaches = [recentReach(a), recentReach(b)] as const
  if (!reaches.every(Number.isFinite)) return []
  return [{ kind: 'reach', reaches, vanishes: [reaches[0] < 1 / FAR, reaches[1] < 1 / FAR] }]
}

function recentReach({ reaches }: LaneHistory): number {
  const sorted = reaches.slice(-RECENT).sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)]
}
