// Random draws of augmentation, which consume the generator as torch does.
import type { RandomGenerator } from '../../tensor/random/generator.js'
import type { ImageSize } from '../picture.js'
import type { ValueRange } from '../steps/options.js'
import { exp32, log32, roundHalfEven } from '../torch-math.js'

const { fround } = Math

/** True with probability `p` (torch: `torch.rand(1) < p`). */
export function chance(generator: RandomGenerator, p: number): boolean {
  // torch compares in float32.
  return generator.uniform(1)[0] < fround(p)
}

/** A float32 in [low, high) (torch: `torch.empty(1).uniform_(low, high)`). */
export function between(generator: RandomGenerator, low: number, high: number): number {
  return generator.uniform(1, fround(low), fround(high))[0]
}

/** A whole number from 0 to `count` − 1 (torch: `torch.randint(count, (1,))`). */
export function below(generator: RandomGenerator, count: number): number {
  return generator.words(1)[0] % count
}

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

// float32 constants in torch's otherwise double formulas.
const THIRD = fround(fround(1) / fround(3))
const SQUEEZE = fround(0.0331)
const SMALLEST_DOUBLE = 2 ** -1022
const SMALLEST_FLOAT = 2 ** -126
const ALMOST_ONE = 1 - 2 ** -24

/** A float32 draw from Beta(alpha, alpha) (torch: the first of `torch._sample_dirichlet(torch.tensor([alpha, alpha]))`). */
export function drawBeta(generator: RandomGenerator, alpha: number): number {
  const first = Math.max(SMALLEST_DOUBLE, drawGamma(generator, fround(alpha)))
  const second = Math.max(SMALLEST_DOUBLE, drawGamma(generator, fround(alpha)))
  return Math.min(ALMOST_ONE, Math.max(SMALLEST_FLOAT, fround(first / (first + second))))
}

/**
 * A draw from the gamma distribution with scale 1.
 * From A Simple Method for Generating Gamma Variables, Marsaglia & Tsang 2000, https://doi.org/10.1145/358407.358414
 */
export function drawGamma(generator: RandomGenerator, shape: number): number {
  // Boosts small shapes by one, which are rejected less often.
  if (shape < 1) {
    const scale = (1 - generator.nextDouble()) ** (1 / shape)
    return scale * drawLargeGamma(generator, shape + 1)
  }
  return drawLargeGamma(generator, shape)
}

function drawLargeGamma(generator: RandomGenerator, shape: number): number {
  const d = shape - THIRD
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = generator.nextNormal()
    const y = 1 + c * x
    if (y <= 0) continue
    const v = y * y * y
    const u = 1 - generator.nextDouble()
    const square = x * x
    if (u < 1 - SQUEEZE * square * square) return d * v
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v
  }
}
