// What options mean nothing, said in one way for all transforms.
import {
  checkOptions,
  finiteNumber,
  listOf,
  numberBetween,
  type Check,
  type Checks
} from '../../base/options.js'
import { ImageError } from '../image-error.js'
import type { ImageSize } from '../resize.js'

/** Pixels: both sides of a square, or height and width, in torch's order. */
export type PixelSize = number | readonly [height: number, width: number]

/** A least and a greatest value. */
export type ValueRange = readonly [least: number, greatest: number]

/**
 * Both sides of a size.
 * @throws ImageError when a side is not a whole, positive number.
 */
export function sidesOf(transform: string, size: PixelSize): ImageSize {
  const [height, width] = typeof size === 'number' ? [size, size] : size
  for (const side of [height, width]) {
    if (!Number.isSafeInteger(side) || side < 1) {
      throw new ImageError(transform, `a side has a whole, positive number of pixels, got ${side}`)
    }
  }
  return { width, height }
}

/** Checks the options of a transform. @throws ImageError naming the option. */
export function checkImageOptions<Options extends object>(
  transform: string,
  options: Options,
  checks: Checks<Options>
): Options {
  return checkOptions(transform, options, checks, (name, fault) => new ImageError(name, fault))
}

/** How likely something is. */
export const PROBABILITY: Check<number> = numberBetween(0, 1)

/** A range that does not run backwards, within bounds. */
export function rangeWithin([from, to]: ValueRange): Check<ValueRange> {
  return {
    expected: `a least and a greatest value within ${from} … ${to}`,
    accepts: value =>
      listOf(numberBetween(from, to), 2).accepts(value) && Array.isArray(value) && value[0] <= value[1]
  }
}

/** Aspect ratios. Beyond these bounds, their logarithm is of no use to anyone. */
export const RATIO: Check<ValueRange> = rangeWithin([1e-3, 1e3])

/** Of each channel, or one for all, where `toTensor` reads them. */
export const STATISTIC: Check<readonly number[]> = listOf(finiteNumber)
