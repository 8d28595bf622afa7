// The comparison of numerical tests, which reports the largest error and its position.
import { expect } from 'vitest'
import { formatShape } from '../../tensor/tensor.js'
import type { Float64Tensor } from './float64-tensor.js'

/** The largest difference of two tensors. */
export interface Disagreement {
  /** max |Δ| / max |expected|; infinite if only one side is NaN or infinite. */
  readonly error: number
  /** The row-major offset of the largest |Δ|. */
  readonly offset: number
}

/** Measures the difference of two tensors of the same size. */
export function disagreement(actual: ArrayLike<number>, expected: ArrayLike<number>): Disagreement {
  let scale = 0
  let largest = 0
  let offset = 0
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]))
    if (Object.is(actual[i], expected[i]) || actual[i] === expected[i]) continue
    const difference = Math.abs(actual[i] - expected[i])
    const size = Number.isNaN(difference) ? Infinity : difference
    if (size > largest) [largest, offset] = [size, i]
  }
  return { error: largest === 0 ? 0 : largest / (scale === 0 ? 1 : scale), offset }
}

/** Expects the same shape, and max |Δ| / max |expected| within the tolerance. */
export function expectClose(
  actual: Float64Tensor,
  expected: Float64Tensor,
  tolerance: number,
  what = 'result'
): void {
  expect(formatShape(actual.shape), `${what}: shape`).toBe(formatShape(expected.shape))
  expect(actual.data.length, `${what}: elements`).toBe(expected.data.length)
  const { error, offset } = disagreement(actual.data, expected.data)
  if (error <= tolerance) return
  const place = formatShape(indexOf(offset, expected.shape))
  expect.fail(
    `${what}: largest error ${error.toExponential(2)} at ${place}: got ${actual.data[offset]}, expected ${expected.data[offset]} (tolerance ${tolerance})`
  )
}

function indexOf(offset: number, shape: readonly number[]): number[] {
  let rest = offset
  return shape
    .toReversed()
    .map(size => {
      const i = rest % size
      rest = Math.floor(rest / size)
      return i
    })
    .toReversed()
}
