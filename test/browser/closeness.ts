// How near two platforms come to each other.
import { expect } from 'vitest'

/** The largest difference, as a share of the largest value expected. */
export function relativeError(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length)
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]))) / largest
}
