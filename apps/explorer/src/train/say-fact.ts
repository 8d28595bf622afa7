// Facts as sentences in the page's language.
import type { Words } from '../words/words.js'
import type { Pair } from '../lab/train.js'
import type { Fact } from './reading.js'

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
      return facts.bothGuess(fact.steps, names[0], fact.accuracies[0], names[1], fact.accuracies[1])
    case 'alike':
      return facts.alike(fact.steps, names[0], fact.accuracies[0], names[1], fact.accuracies[1])
    case 'oneGuesses':
    case 'ahead': {
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
