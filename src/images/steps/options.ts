// Validation of step options, for constructors and for pipelines read from data. The limits bound the memory that a file
// can request.
import { numberBetween, oneOf, wholeNumber, type Given } from '../../base/options.js'
import {
  checkedBy,
  list,
  mismatch,
  propertiesOf,
  record,
  SchemaError,
  type Reader
} from '../../base/schema.js'
import { ImageError, type ImageSize } from '../picture.js'
import { RESAMPLINGS } from '../resize/filters.js'

/** Side of a square, or height and width, in pixels. */
export type PixelSize = number | readonly [height: number, width: number]

/** A minimum and a maximum. */
export type ValueRange = readonly [least: number, greatest: number]

/** What a step of these fields holds. */
export type { RecordOf as StepOf } from '../../base/schema.js'

const MOST_SIDE = 4096
// Far beyond any statistics, and within float32's range.
const [LEAST_DEVIATION, MOST_VALUE] = [1e-12, 1e12]

export function named<const N extends string>(...names: readonly N[]): Reader<N> {
  return checkedBy(oneOf(...names))
}

export const side = checkedBy(wholeNumber(1, MOST_SIDE))
export const imageSize = record<ImageSize>({ width: side, height: side })
export const resampling = checkedBy(oneOf(...RESAMPLINGS))
export const border = checkedBy(wholeNumber(0, 1024))
export const probability = checkedBy(numberBetween(0, 1))
export const value = checkedBy(numberBetween(-MOST_VALUE, MOST_VALUE))
export const deviation = checkedBy(numberBetween(LEAST_DEVIATION, MOST_VALUE))
/** Aspect ratios; their logarithm is taken. */
export const ratio = interval(1e-3, 1e3)

/** Two numbers from `least` to `most` in ascending order. */
export function interval(least: number, most: number): Reader<ValueRange> {
  return (value, path) => {
    const [from, to] = list(checkedBy(numberBetween(least, most)), 2)(value, path)
    if (from <= to) return [from, to]
    throw mismatch(path, 'the smaller number first', value)
  }
}

/** One number for all channels, or one per channel. */
export function perChannel(read: Reader<number>): Reader<readonly number[]> {
  return (value, path) => {
    const values = list(read, 1, 3)(value, path)
    if (values.length !== 2) return values
    throw mismatch(path, 'one number or three', value)
  }
}

/** A size as width and height, unchecked. */
export function sidesOf(size: PixelSize): ImageSize {
  const [height, width] = Array.isArray(size)
    ? (size as readonly [number, number])
    : [size as number, size as number]
  return { width, height }
}

/** Merges defaults and options, ignoring undefined ones. @throws ImageError naming the constructor and the invalid option. */
export function makeStep<S>(read: Reader<S>, constructor: string, defaults: object, options: object = {}): S {
  return asImageError(() => read({ ...defaults, ...givenIn(constructor, options) }, constructor))
}

/** Options without undefined ones. @throws ImageError when they are no object. */
export function givenIn<Options extends object>(constructor: string, options: Options): Given<Options> {
  const properties = asImageError(() => propertiesOf(options, constructor))
  return Object.fromEntries([...properties].filter(([, option]) => option !== undefined)) as Given<Options>
}

export function asImageError<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof SchemaError ? new ImageError(error.path, error.fault) : error
  }
}
