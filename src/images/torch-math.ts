// Arithmetic of torch and Python, on which random crops depend. Float32 functions are those of torch on x86-64 with AVX2,
// which are not always correctly rounded (exp and log are SLEEF's `expf_u10` and `logf_u10`).
import { fma32 } from '../tensor/random/normal.js'

const { fround } = Math
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
  const twos = Math.round(fround(power * LOG2_E))
  const rest = fma32(twos, -LN2_LOW, fma32(twos, -LN2_HIGH, power))
  const tail = horner(EXP_TERMS, rest)
  const sum = fround(1 + fma32(fround(rest * rest), tail, rest))
  return sum * 2 ** twos
}

/** The natural logarithm (torch: `torch.log` of a positive, normal float32). */
export function log32(value: number): number {
  const exponent = Math.floor(Math.log2(fround(value * fround(1 / 0.75))))
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
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

const LANES = 8
const BLOCK = 2 * LANES

/**
 * An element of `torch.linspace(first, last, count)`. torch counts from the nearer end, in whole vectors.
 */
export function linspace32(first: number, last: number, count: number, index: number): number {
  const [from, to] = [fround(first), fround(last)]
  const step = fround(fround(to - from) / (count - 1))
  const at = (place: number): number =>
    place < Math.floor(count / 2) ? fma32(step, place, from) : fma32(-step, count - 1 - place, to)
  if (index >= count - (count % BLOCK)) return at(index)
  const lane = index % LANES
  return fround(at(index - lane) + fround(step * lane))
}

function horner(terms: readonly number[], x: number): number {
  return terms.reduce((sum, term) => fma32(sum, x, term))
}
