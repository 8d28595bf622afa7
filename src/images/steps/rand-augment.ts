import { oneOf, wholeNumber } from '../../base/options.js'
import { checkedBy, mismatch, type Reader, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import type { ImageSize, Picture } from '../picture.js'
import { rotate, shear, translate, type Interpolation } from '../pixels/affine.js'
import * as colour from '../pixels/colour.js'
import { below, linspace32, roundHalfEven } from '../random/draws.js'
import { makeStep, named, type StepOf } from './options.js'

const { fround } = Math

const DEFAULTS = {
  name: 'randAugment',
  numOps: 2,
  magnitude: 9,
  numMagnitudeBins: 31,
  interpolation: 'nearest'
}
// Beyond this, torch computes in several threads, which changes last bits.
const MOST_BINS = 2 ** 15
// A limit on time.
const MOST_OPS = 100

const FIELDS = {
  name: named('randAugment'),
  /** Number of operations; default 2. */
  numOps: checkedBy(wholeNumber(0, MOST_OPS)),
  /** Strength, 0 … numMagnitudeBins − 1; default 9. */
  magnitude: checkedBy(wholeNumber(0, MOST_BINS - 1)),
  /** Number of strengths; default 31. */
  numMagnitudeBins: checkedBy(wholeNumber(2, MOST_BINS)),
  /** Interpolation of shears, translations and rotations; default 'nearest'. */
  interpolation: checkedBy<Interpolation>(oneOf('nearest', 'bilinear'))
}

/** A step made by `randAugment`. */
export interface RandAugment extends StepOf<typeof FIELDS> {}

/** Options of `randAugment`. */
export interface RandAugmentOptions extends Partial<Omit<RandAugment, 'name'>> {}

const readFields = record<RandAugment>(FIELDS)

export const readRandAugment: Reader<RandAugment> = (value, path) => {
  const step = readFields(value, path)
  if (step.magnitude < step.numMagnitudeBins) return step
  throw mismatch(`${path}.magnitude`, `less than numMagnitudeBins (${step.numMagnitudeBins})`, step.magnitude)
}

/**
 * Operations drawn from fourteen (torchvision: `RandAugment`).
 *
 * From RandAugment: Practical automated data augmentation with a reduced search space, Cubuk et al. 2019,
 * https://arxiv.org/abs/1909.13719
 * @throws ImageError when an option is unknown or out of range.
 */
export function randAugment(options: RandAugmentOptions = {}): RandAugment {
  return makeStep(readRandAugment, 'randAugment', DEFAULTS, options)
}

/** Applies a `RandAugment`; Color does nothing to grey pictures. */
export function applyRandAugment(
  picture: Picture,
  transform: RandAugment,
  generator: RandomGenerator
): Picture {
  // Strengths depend on the original size, which no operation changes.
  let changed = picture
  for (let op = 0; op < transform.numOps; op++) {
    const { strength, isSigned, apply } = OPERATIONS[below(generator, OPERATIONS.length)]
    const magnitude = strength(transform, picture)
    const isNegative = isSigned && below(generator, 2) === 1
    changed = apply(changed, isNegative ? -magnitude : magnitude, transform.interpolation)
  }
  return changed
}

interface Operation {
  readonly strength: (transform: RandAugment, size: ImageSize) => number
  readonly isSigned: boolean
  readonly apply: (picture: Picture, magnitude: number, interpolation: Interpolation) => Picture
}

/** In torchvision's order, on which the draws depend. */
const OPERATIONS: readonly Operation[] = [
  plain(picture => picture),
  signed(linear(0, 0.3), (picture, across, interpolation) => shear(picture, across, 0, interpolation)),
  signed(linear(0, 0.3), (picture, down, interpolation) => shear(picture, 0, down, interpolation)),
  signed(
    (transform, { width }) => linear(0, (150 / 331) * width)(transform),
    (picture, right, interpolation) => translate(picture, Math.trunc(right), 0, interpolation)
  ),
  signed(
    (transform, { height }) => linear(0, (150 / 331) * height)(transform),
    (picture, down, interpolation) => translate(picture, 0, Math.trunc(down), interpolation)
  ),
  signed(linear(0, 30), rotate),
  signed(linear(0, 0.9), (picture, more) => colour.adjustBrightness(picture, 1 + more)),
  signed(linear(0, 0.9), (picture, more) => colour.adjustSaturation(picture, 1 + more)),
  signed(linear(0, 0.9), (picture, more) => colour.adjustContrast(picture, 1 + more)),
  signed(linear(0, 0.9), (picture, more) => colour.adjustSharpness(picture, 1 + more)),
  { strength: bitsKept, isSigned: false, apply: colour.posterize },
  { strength: linear(255, 0), isSigned: false, apply: colour.solarize },
  plain(colour.autoContrast),
  plain(colour.equalize)
]

function plain(apply: (picture: Picture) => Picture): Operation {
  return { strength: () => 0, isSigned: false, apply }
}

function signed(strength: Operation['strength'], apply: Operation['apply']): Operation {
  return { strength, isSigned: true, apply }
}

function linear(first: number, last: number): (transform: RandAugment) => number {
  return ({ magnitude, numMagnitudeBins }) => linspace32(first, last, numMagnitudeBins, magnitude)
}

function bitsKept({ magnitude, numMagnitudeBins: bins }: RandAugment): number {
  return 8 - roundHalfEven(fround(magnitude / fround((bins - 1) / 4)))
}
