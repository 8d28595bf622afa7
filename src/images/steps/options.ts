// What options mean nothing, said in one way for all transforms.
import { ImageError } from '../image-error.js'
import type { ImageSize } from '../resize/resize.js'

/** Pixels: both sides of a square, or height and width, in torch's order. */
export type Size = number | readonly [height: number, width: number]

/** A least and a greatest value. */
export type Range = readonly [least: number, greatest: number]

/**
 * Both sides of a size.
 * @throws ImageError when a side is not a whole, positive number.
 */
export function sidesOf(transform: string, size: Size): ImageSize {
  const [height, width] = typeof size === 'number' ? [size, size] : size
  for (const side of [height, width]) {
    if (!Number.isSafeInteger(side) || side < 1) {
      throw new ImageError(transform, `a side has a whole, positive number of pixels, got ${side}`)
    }
  }
  return { width, height }
}

/** @throws ImageError when `p` is not between 0 and 1. */
export function assertProbability(transform: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ImageError(transform, `p is a probability from 0 to 1, got ${p}`)
}

/** @throws ImageError when a range runs backwards, or is not within its bounds. */
export function assertRange(transform: string, option: string, range: Range, bounds: Range): void {
  const [least, greatest] = range
  if (least >= bounds[0] && least <= greatest && greatest <= bounds[1]) return
  throw new ImageError(
    transform,
    `${option} goes from a least to a greatest value within ${bounds.join(' … ')}, got ${range.join(', ')}`
  )
}

/** @throws ImageError when an option is not a whole number from `least` to `greatest`. */
export function assertWhole(
  transform: string,
  option: string,
  value: number,
  [least, greatest]: Range
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= greatest) return
  throw new ImageError(transform, `${option} is a whole number from ${least} to ${greatest}, got ${value}`)
}

// Beyond these, the logarithm of an aspect ratio is of no use to anyone.
const RATIOS: Range = [1e-3, 1e3]

/** @throws ImageError when aspect ratios are not positive, or absurd. */
export function assertRatio(transform: string, ratio: Range): void {
  assertRange(transform, 'ratio', ratio, RATIOS)
}
