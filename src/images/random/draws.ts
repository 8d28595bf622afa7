// Random draws of augmentation, which consume the generator as torch does, and the arithmetic of torch and Python on which they
// depend. Float32 functions are those of torch on x86-64 with AVX2, which are not always correctly rounded (exp and log are
// SLEEF's `expf_u10` and `logf_u10`).
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { fma32 } from '../../tensor/random/normal.js'
import type { ImageSize } from '../picture.js'
import type { ValueRange } from '../steps/options.js'

const { floor, fround, log, log2, max, min, round, sqrt } = Math

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

/** Draws sides until they fit, at most ten times; undefined if none do. `long` is the longer side for ratios above 1. */
export function drawSides(
  whole: ImageSize,
  { scale, ratio }: Shape,
  generator: RandomGenerator,
  suits: (long: number, short: number) => boolean
): { readonly long: number; readonly short: number } | undefined {
  const [flattest, steepest] = ratio.map(side => log32(fround(side)))
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = whole.width * whole.height * between(generator, scale[0], scale[1])
    const aspect = exp32(between(generator, flattest, steepest))
    const long = roundHalfEven(sqrt(area * aspect))
    const short = roundHalfEven(sqrt(area / aspect))
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
  const first = max(SMALLEST_DOUBLE, drawGamma(generator, fround(alpha)))
  const second = max(SMALLEST_DOUBLE, drawGamma(generator, fround(alpha)))
  return min(ALMOST_ONE, max(SMALLEST_FLOAT, fround(first / (first + second))))
}

/** With scale 1 (A Simple Method for Generating Gamma Variables, Marsaglia & Tsang 2000, https://doi.org/10.1145/358407.358414). */
export function drawGamma(generator: RandomGenerator, shape: number): number {
  // Boosts small shapes by one, which are rejected less often.
  if (shape < 1) return (1 - generator.nextDouble()) ** (1 / shape) * drawLargeGamma(generator, shape + 1)
  return drawLargeGamma(generator, shape)
}

function drawLargeGamma(generator: RandomGenerator, shape: number): number {
  const d = shape - THIRD
  const c = 1 / sqrt(9 * d)
  for (;;) {
    const x = generator.nextNormal()
    const y = 1 + c * x
    if (y <= 0) continue
    const v = y * y * y
    const u = 1 - generator.nextDouble()
    const square = x * x
    if (u < 1 - SQUEEZE * square * square) return d * v
    if (log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v
  }
}

const LOG2_E = fround(1.4426950408889634)
// ln 2 in two parts (Cody–Waite), so that multiples can be subtracted exactly.
const LN2_HIGH = fround(0.693145751953125)
const LN2_LOW = fround(1.428606765330187e-6)
const EXP_TERMS = [
  1.9852761761285365e-4, 1.3930435525253415e-3, 8.33336077630519867e-3, 4.16664853692054749e-2,
  0.16666667163372039795, 0.5
].map(fround)
const LOG_TERMS = [0.3027294874, 0.3996108174, 0.666669488].map(fround)

/** e to a small power (torch: `torch.exp` of a float32 between −80 and 80). */
export function exp32(power: number): number {
  const twos = round(fround(power * LOG2_E))
  const rest = fma32(twos, -LN2_LOW, fma32(twos, -LN2_HIGH, power))
  const tail = horner(EXP_TERMS, rest)
  const sum = fround(1 + fma32(fround(rest * rest), tail, rest))
  return sum * 2 ** twos
}

/** The natural logarithm (torch: `torch.log` of a positive, normal float32). */
export function log32(value: number): number {
  const exponent = floor(log2(fround(value * fround(1 / 0.75))))
  const mantissa = value * 2 ** -exponent
  // SLEEF uses pairs of float32; a double is as precise.
  const ratio = (mantissa - 1) / (mantissa + 1)
  const high = fround((mantissa - 1) * fround(1 / fround(mantissa + 1)))
  const square = fround(high * high)
  const tail = fround(fround(square * high) * horner(LOG_TERMS, square))
  return fround(exponent * Math.LN2 + 2 * ratio + tail)
}

/** Rounds half to even (Python: `round`). */
export function roundHalfEven(value: number): number {
  const lower = floor(value)
  const rest = value - lower
  if (rest !== 0.5) return round(value)
  return lower % 2 === 0 ? lower : lower + 1
}

const LANES = 8
const BLOCK = 2 * LANES

/** An element of `torch.linspace(first, last, count)`. torch counts from the nearer end, in whole vectors. */
export function linspace32(first: number, last: number, count: number, index: number): number {
  const [from, to] = [fround(first), fround(last)]
  const step = fround(fround(to - from) / (count - 1))
  const at = (place: number): number =>
    place < floor(count / 2) ? fma32(step, place, from) : fma32(-step, count - 1 - place, to)
  if (index >= count - (count % BLOCK)) return at(index)
  const lane = index % LANES
  return fround(at(index - lane) + fround(step * lane))
}

function horner(terms: readonly number[], x: number): number {
  return terms.reduce((sum, term) => fma32(sum, x, term))
}
