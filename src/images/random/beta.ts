// Draws from a beta distribution, equal to torch's.
import type { RandomGenerator } from '../../tensor/random/generator.js'

const { fround } = Math
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
