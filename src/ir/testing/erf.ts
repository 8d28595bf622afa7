// The error function to within a few units in the last place of float64.

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)
// Below, the series needs few terms; above, the continued fraction does.
const SPLIT = 1
// From here on 1 − erf(x) is less than half a unit in the last place of 1.
const ALL_ONE = 6

/** `2/√π ∫₀ˣ e^(−t²) dt` (Abramowitz & Stegun 7.1.6 and 7.1.14). */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size >= ALL_ONE) return Math.sign(x)
  return size < SPLIT ? series(x) : Math.sign(x) * (1 - complement(size))
}

/** `2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!`: all terms have one sign, so nothing cancels. */
function series(x: number): number {
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > Math.abs(total) * Number.EPSILON * 0.1; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * total
}

/** `erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))`, from the innermost fraction outwards. */
function complement(x: number): number {
  let fraction = x
  for (let n = 200; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}
