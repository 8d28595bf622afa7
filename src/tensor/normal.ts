// torch's normal distribution on the CPU: Box–Muller over blocks of 16 floats, in single precision throughout.
// `log`, `sin` and `cos` are the Cephes polynomials in their AVX2 form, with the compiler's fused multiply-adds, so
// that every bit is the same (ATen: `normal_fill_AVX2`, `avx_mathfun.h`).
import { fma32 } from './fma32.js'

/** How many floats one block transforms. */
export const NORMAL_BLOCK = 16
const HALF = NORMAL_BLOCK / 2
const { fround, sqrt } = Math

const TWO_PI = fround(2 * Math.PI)
const SQRT_HALF = fround(Math.SQRT1_2)
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1
].map(fround)
const [L0, L1, L2, L3, L4, L5, L6, L7, L8] = LOG
/** ln 2 in two parts, the second exact. */
const LN2_LOW = fround(-2.1219444e-4)
const LN2_HIGH = 0.693359375

const FOUR_OVER_PI = fround(1.27323954473516)
/** −π/4 in three parts. */
const [PI_1, PI_2, PI_3] = [-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8].map(fround)
const [C0, C1, C2] = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround)
const [S0, S1, S2] = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround)

const single = new Float32Array(1)
const bits = new Int32Array(single.buffer)

/** The natural logarithm of a float32 in (0, 1]. */
function log32(value: number): number {
  single[0] = value
  let exponent = (bits[0] >> 23) - 126
  bits[0] = (bits[0] & 0x7fffff) | 0x3f000000
  let x = single[0]
  if (x < SQRT_HALF) {
    exponent -= 1
    x = fround(fround(x - 1) + x)
  } else {
    x = fround(x - 1)
  }
  const z = fround(x * x)
  let y = fma32(L0, x, L1)
  y = fma32(y, x, L2)
  y = fma32(y, x, L3)
  y = fma32(y, x, L4)
  y = fma32(y, x, L5)
  y = fma32(y, x, L6)
  y = fma32(y, x, L7)
  y = fma32(y, x, L8)
  y = fround(y * x)
  y = fma32(y, z, fround(exponent * LN2_LOW))
  y = fma32(-z, 0.5, y)
  return fma32(exponent, LN2_HIGH, fround(x + y))
}

/**
 * Turns a block of 16 uniforms into 16 normals, in place: the first eight give radii, the last eight angles.
 * @param offset where the block starts in `data`.
 */
export function normalBlock(data: Float32Array, offset: number, mean: number, std: number): void {
  for (let j = offset; j < offset + HALF; j++) {
    const radius = fround(sqrt(fround(-2 * log32(fround(1 - data[j])))))
    const theta = fround(TWO_PI * data[j + HALF])

    // Reduce the angle to [−π/4, π/4]; the octant says which polynomial is which, and the signs.
    const octant = (fround(theta * FOUR_OVER_PI) + 1) & ~1
    let x = fma32(octant, PI_1, theta)
    x = fma32(octant, PI_2, x)
    x = fma32(octant, PI_3, x)
    const z = fround(x * x)
    let even = fma32(C0, z, C1)
    even = fround(fma32(even, z, C2) * z)
    even = fround(fma32(even, z, fround(-0.5 * z)) + 1)
    let odd = fma32(S0, z, S1)
    odd = fround(fma32(odd, z, S2) * z)
    odd = fma32(odd, x, x)

    const swapped = (octant & 2) !== 0
    const cos = ((octant - 2) & 4) === 0 ? -(swapped ? odd : even) : swapped ? odd : even
    const sin = (octant & 4) !== 0 ? -(swapped ? even : odd) : swapped ? even : odd
    data[j] = fma32(fround(radius * cos), std, mean)
    data[j + HALF] = fma32(fround(radius * sin), std, mean)
  }
}
