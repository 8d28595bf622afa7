// The conditions that torch's optimisers and schedulers put on their options; NaN and ∞ meet none of them.
import { OptimError } from './optim-error.js'

type Options = Readonly<Record<string, number>>

function check(owner: string, options: Options, expected: string, fits: (value: number) => boolean): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isFinite(value) || !fits(value)) {
      throw new OptimError(`${owner}: ${name} must be ${expected}, got ${value}`)
    }
  }
}

/** @throws OptimError that names the first option below zero. */
export function checkNotNegative(owner: string, options: Options): void {
  check(owner, options, 'a number of at least 0', value => value >= 0)
}

/** @throws OptimError that names the first option that is not above zero. */
export function checkPositive(owner: string, options: Options): void {
  check(owner, options, 'a number above 0', value => value > 0)
}

/** @throws OptimError that names the first option that cannot be the weight of the past in a moving average. */
export function checkDecay(owner: string, options: Options): void {
  check(owner, options, 'at least 0 and below 1', value => value >= 0 && value < 1)
}

/** @throws OptimError that names the first option that is no share of a whole. */
export function checkShare(owner: string, options: Options): void {
  check(owner, options, 'between 0 and 1', value => value >= 0 && value <= 1)
}

/** @throws OptimError that names the first option that does not count steps. */
export function checkSteps(owner: string, options: Options): void {
  check(owner, options, 'a whole number of at least 1', value => Number.isInteger(value) && value >= 1)
}
