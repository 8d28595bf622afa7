// The difference of two results as parity is defined: the largest difference over the largest value.
import { expect } from 'vitest'

/** Logits and features against torch: single precision, summed in another order, through up to 152 layers. */
export const TORCH_TOLERANCE = 1e-5

/** Fails with the largest error and its position unless max |Δ| / max |expected| is within the tolerance. */
export function expectClose(
  what: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  { tolerance = TORCH_TOLERANCE, scale = largest(expected) }: { tolerance?: number; scale?: number } = {}
): void {
  expect(found.length, `${what}: number of values`).toBe(expected.length)
  let [worst, at] = [0, -1]
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i])
    // Negated, so that NaN counts as the largest error.
    if (!(difference <= worst)) [worst, at] = [difference, i]
  }
  const message = `${what}: off by ${worst} at ${at} (${found[at]} instead of ${expected[at]}), largest value ${scale}`
  expect(worst / scale, message).toBeLessThanOrEqual(tolerance)
}

/** The largest magnitude. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
