// Chooses a random region by area and aspect ratio, for random resized crop and random erasing.
import type { ImageSize } from '../picture.js'
import type { ValueRange } from '../steps/options.js'
import { exp32, log32, roundHalfEven } from '../torch-math.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { between } from './draws.js'

const { fround } = Math

/** Ranges of a region's relative area and aspect ratio. */
export interface Shape {
  readonly scale: ValueRange
  readonly ratio: ValueRange
}

// torchvision's number of attempts.
const ATTEMPTS = 10

/** Draws sides until they fit, at most ten times; undefined if none do. `long` is the longer side for ratios above 1. */
export function drawSides(
  whole: ImageSize,
  { scale, ratio }: Shape,
  generator: RandomGenerator,
  suits: (long: number, short: number) => boolean
): { readonly long: number; readonly short: number } | undefined {
  const [flattest, steepest] = ratio.map(side => log32(fround(side)))
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = whole.width * whole.height * between(generator, scale[0], scale[1])
    const aspect = exp32(between(generator, flattest, steepest))
    const long = roundHalfEven(Math.sqrt(area * aspect))
    const short = roundHalfEven(Math.sqrt(area / aspect))
    if (suits(long, short)) return { long, short }
  }
  return undefined
}
