// The difference between results on two platforms.
import { expect } from 'vitest'

/** The largest difference, relative to the largest expected value. */
export function relativeError(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length)
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]))) / largest
}
