// torch's normal distribution on the CPU: Box–Muller over blocks of 16 floats in single precision. `log`, `sin` and
// `cos` are the Cephes polynomials of the AVX2 code, with the same fused multiply-adds, and so equal bit for bit
// (ATen: `normal_fill_AVX2`, `avx_mathfun.h`). simd/loops.wat does the same for several numbers at once.
import { LOOPS_DATA, randomLoops, type Loops } from './simd/loops.js'

export const NORMAL_BLOCK = 16
const HALF = NORMAL_BLOCK / 2
const { fround, min, sqrt } = Math

const TWO_PI = fround(2 * Math.PI)
const SQRT_HALF = fround(Math.SQRT1_2)
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1
].map(fround)
/** ln 2 in two parts, the second exact. */
const LN2_LOW = fround(-2.1219444e-4)
const LN2_HIGH = 0.693359375

const FOUR_OVER_PI = fround(1.27323954473516)
/** −π/4 in three parts. */
const [PI_1, PI_2, PI_3] = [-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8].map(fround)
const COS = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround)
const SIN = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround)

// Each step is a short loop over many pairs, with arrays and constants in locals, which JavaScript engines compile well.
const PAIRS = 512

class Workspace {
  readonly u = new Float32Array(PAIRS)
  readonly uBits = new Int32Array(this.u.buffer)
  readonly exponent = new Float32Array(PAIRS)
  readonly radius = new Float32Array(PAIRS)
  readonly angle = new Float32Array(PAIRS)
  readonly octant = new Int32Array(PAIRS)
  readonly even = new Float32Array(PAIRS)
  readonly odd = new Float32Array(PAIRS)
}

/** `((c₀·x + c₁)·x + c₂)…` by fused multiply-adds. */
function horner(out: Float32Array, x: Float32Array, coefficients: readonly number[], count: number): void {
  out.fill(coefficients[0], 0, count)
  for (let k = 1; k < coefficients.length; k++) {
    const coefficient = coefficients[k]
    for (let i = 0; i < count; i++) out[i] = fma32(out[i], x[i], coefficient)
  }
}

/** Splits u in (0, 1] into a power of two and a mantissa in [√½, √2), minus one. */
function splitExponents({ u, uBits, exponent }: Workspace, count: number): void {
  const threshold = SQRT_HALF
  for (let i = 0; i < count; i++) {
    const power = (uBits[i] >> 23) - 126
    uBits[i] = (uBits[i] & 0x7fffff) | 0x3f000000
    const mantissa = u[i]
    if (mantissa < threshold) {
      exponent[i] = power - 1
      u[i] = fround(mantissa - 1) + mantissa
    } else {
      exponent[i] = power
      u[i] = mantissa - 1
    }
  }
}

/** `radius = √(−2 · ln u)`. */
function radiiOf(workspace: Workspace, count: number): void {
  const { u, exponent, radius } = workspace
  const [low, high] = [LN2_LOW, LN2_HIGH]
  splitExponents(workspace, count)
  horner(radius, u, LOG, count)
  for (let i = 0; i < count; i++) {
    const x = u[i]
    const z = fround(x * x)
    const y = fma32(fround(radius[i] * x), z, fround(exponent[i] * low))
    radius[i] = x + fma32(-z, 0.5, y)
  }
  for (let i = 0; i < count; i++) {
    // A plain sum is exact in a double: |exponent| ≤ 24, `high` has ten bits and |u| ≥ 2⁻²⁵.
    radius[i] = sqrt(fround(-2 * fround(exponent[i] * high + radius[i])))
  }
}

/** Reduces angles to [−π/4, π/4] and evaluates both polynomials; the octant determines their roles and signs. */
function sinesOf({ u: square, angle, octant, even, odd }: Workspace, count: number): void {
  const [scale, first, second, third] = [FOUR_OVER_PI, PI_1, PI_2, PI_3]
  for (let i = 0; i < count; i++) {
    const theta = angle[i]
    const eighth = (fround(theta * scale) + 1) & ~1
    const x = fma32(eighth, third, fma32(eighth, second, fma32(eighth, first, theta)))
    octant[i] = eighth
    angle[i] = x
    square[i] = x * x
  }
  horner(even, square, COS, count)
  horner(odd, square, SIN, count)
  for (let i = 0; i < count; i++) {
    const z = square[i]
    const x = angle[i]
    even[i] = fma32(fround(even[i] * z), z, fround(-0.5 * z)) + 1
    odd[i] = fma32(fround(odd[i] * z), x, x)
  }
}

/** Distributes uniforms: the first half of each block becomes `u`, the second the angles. */
function loadPairs({ u, angle }: Workspace, data: Float32Array, start: number, count: number): void {
  const twoPi = TWO_PI
  for (let i = 0, at = start; i < count; i += HALF, at += NORMAL_BLOCK) {
    for (let j = 0; j < HALF; j++) {
      u[i + j] = 1 - data[at + j]
      angle[i + j] = twoPi * data[at + j + HALF]
    }
  }
}

/** `radius · cos` into the first half of each block, `radius · sin` into the second, scaled and shifted. */
function storePairs(
  workspace: Workspace,
  data: Float32Array,
  start: number,
  mean: number,
  std: number
): void {
  const { radius, octant, even, odd } = workspace
  const count = min(PAIRS, (data.length - start) / 2)
  for (let i = 0, at = start; i < count; i += HALF, at += NORMAL_BLOCK) {
    for (let j = 0; j < HALF; j++) {
      const eighth = octant[i + j]
      const swapped = (eighth & 2) !== 0
      const cos = swapped ? odd[i + j] : even[i + j]
      const sin = swapped ? even[i + j] : odd[i + j]
      const r = radius[i + j]
      data[at + j] = fma32(fround(r * (((eighth - 2) & 4) === 0 ? -cos : cos)), std, mean)
      data[at + j + HALF] = fma32(fround(r * ((eighth & 4) === 0 ? sin : -sin)), std, mean)
    }
  }
}

/** What loops.wat reads, in its order. */
const CONSTANTS = [
  ...LOG,
  ...[PI_1, PI_2, PI_3],
  ...COS.flatMap((cos, k) => [cos, SIN[k]]),
  ...[SQRT_HALF, LN2_LOW, LN2_HIGH, TWO_PI, FOUR_OVER_PI]
]

// No sum with a smaller or larger factor than these, nor with smaller ones to add, leaves the range of normal float32.
const isUsual = (value: number): boolean => Math.abs(value) > 2 ** -30 && Math.abs(value) < 2 ** 30
const canLoop = (factor: number, added: number): boolean => isUsual(factor) && (added === 0 || isUsual(added))

// Small, because a tie, of which there is one in some 60,000 normals, costs the time of all of a part's numbers.
const PART = 1024

/** Copies parts of `data` to the loops' memory and back, changed by `fast`; or changes them by `exact`, if `fast` met a tie. */
function inChunks(
  data: Float32Array,
  loops: Loops,
  fast: (start: number, end: number) => number,
  exact: (part: Float32Array) => void
): void {
  for (let from = 0; from < data.length; from += PART) {
    const part = data.subarray(from, from + PART)
    loops.floats.set(part)
    if (fast(LOOPS_DATA, LOOPS_DATA + part.byteLength) === 0) part.set(loops.floats.subarray(0, part.length))
    else exact(part)
  }
}

/** Turns blocks of 16 uniforms into normals, in place: the first eight of each block become radii, the last eight angles. */
export function normalBlocks(data: Float32Array, mean: number, std: number): void {
  const exact = (part: Float32Array): void => exactNormalBlocks(part, mean, std)
  const loops = canLoop(std, mean) ? randomLoops() : undefined
  if (!loops) {
    exact(data)
    return
  }
  loops.constants.set(CONSTANTS)
  inChunks(data, loops, (start, end) => loops.normals(start, end, mean, std), exact)
}

/** Turns uniforms in [0, 1) into `low + range · uniform`, in place. */
export function spreadUniforms(data: Float32Array, low: number, range: number): void {
  const exact = (part: Float32Array): void => part.forEach((u, i) => (part[i] = fma32(u, range, low)))
  const loops = canLoop(range, low) ? randomLoops() : undefined
  if (!loops) {
    exact(data)
    return
  }
  inChunks(data, loops, (start, end) => loops.spread(start, end, low, range), exact)
}

/** The same as `normalBlocks`, one number at a time, every sum rounded with care. */
export function exactNormalBlocks(data: Float32Array, mean: number, std: number): void {
  const workspace = new Workspace()
  for (let start = 0; start < data.length; start += 2 * PAIRS) {
    const count = min(PAIRS, (data.length - start) / 2)
    loadPairs(workspace, data, start, count)
    radiiOf(workspace, count)
    sinesOf(workspace, count)
    storePairs(workspace, data, start, mean, std)
  }
}

/**
 * `a · b + c` of three float32, rounded once to float32, like the processor's FMA instruction. The product is exact in a
 * double, but the sum is rounded twice, which is wrong only if the double lies exactly half-way between two float32.
 */
export function fma32(a: number, b: number, c: number): number {
  const sum = a * b + c
  const rounded = fround(sum)
  // The rounded value reflected about the sum is a float32 only if the sum is a midpoint, or if nothing was rounded.
  const reflected = sum + (sum - rounded)
  if (reflected !== rounded && fround(reflected) === reflected) return roundHalfway(a * b, c, sum)
  return rounded
}

/** For a sum rounded onto a midpoint: its exact error (Knuth's TwoSum) decides the direction. */
function roundHalfway(product: number, c: number, sum: number): number {
  const rest = sum - product
  const error = product - (sum - rest) + (c - rest)
  const rounded = fround(sum)
  const remainder = sum - rounded
  return error !== 0 && error > 0 === remainder > 0 ? rounded + 2 * remainder : rounded
}
