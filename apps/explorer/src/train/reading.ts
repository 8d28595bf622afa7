// Conclusions from the curves: facts, which each language puts into a sentence.
import type { Pair } from '../lab/train.js'
import type { Words } from '../words/words.js'
import { currentLoss, stepsOf, type History, type LaneHistory } from './history.js'

type ComparisonKind = 'bothGuess' | 'oneGuesses' | 'ahead' | 'alike'

/** A conclusion. */
export type Fact =
  /** There are too few steps to tell anything. */
  | { readonly kind: 'early'; readonly steps: number }
  | { readonly kind: 'diverged'; readonly lane: 0 | 1; readonly step: number }
  | { readonly kind: 'failed'; readonly lane: 0 | 1; readonly reason: string }
  /** Both guess, one guesses while the other has learned, one is ahead, or both are alike; the lane is named first. */
  | {
      readonly kind: ComparisonKind
      readonly lane: 0 | 1
      readonly steps: number
      readonly accuracies: Pair<number>
    }
  | { readonly kind: 'losses'; readonly lower: 0 | 1; readonly times: number }
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
  const about = (kind: ComparisonKind, lane: 0 | 1): Fact[] => [{ kind, lane, steps: last.after, accuracies }]
  const [guessA, guessB] = accuracies.map(value => value < GUESSING)
  if (guessA && guessB) return about('bothGuess', 0)
  if (guessA || guessB) return about('oneGuesses', guessA ? 0 : 1)
  if (Math.abs(last.value - same.value) < ALIKE) return about('alike', 0)
  return about('ahead', last.value > same.value ? 0 : 1)
}

function lossFacts([a, b]: History): Fact[] {
  const [lossA, lossB] = [currentLoss(a), currentLoss(b)]
  if (lossA === undefined || lossB === undefined) return []
  const times = Math.max(lossA / lossB, lossB / lossA)
  if (!(times >= ALIKE_TIMES)) return []
  return [{ kind: 'losses', lower: lossA < lossB ? 0 : 1, times }]
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

/** A fact as a sentence. */
export function sayFact(fact: Fact, names: Pair<string>, { facts }: Words['train']): string {
  const other = (lane: 0 | 1): string => names[1 - lane]
  switch (fact.kind) {
    case 'early':
      return facts.early(fact.steps)
    case 'diverged':
      return facts.diverged(names[fact.lane], fact.step)
    case 'failed':
      return facts.failed(names[fact.lane], withoutStop(fact.reason))
    case 'bothGuess':
    case 'oneGuesses':
    case 'ahead':
    case 'alike': {
      const { kind, lane, steps, accuracies } = fact
      return facts[kind](steps, names[lane], accuracies[lane], other(lane), accuracies[1 - lane])
    }
    case 'losses':
      return facts.losses(names[fact.lower], other(fact.lower), fact.times)
    case 'reach': {
      const [a, b] = fact.vanishes
      const verdict =
        a && b ? facts.vanishesInBoth : a || b ? facts.vanishes(names[a ? 0 : 1]) : facts.arrives
      return facts.reach(names[0], fact.reaches[0], names[1], fact.reaches[1]) + verdict
    }
  }
}

/** A reason inside a sentence: without its own full stop. */
export function withoutStop(reason: string): string {
  return reason.replace(/\.$/, '')
}
