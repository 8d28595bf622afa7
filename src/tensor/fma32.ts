// Fused multiply-add in single precision: `a · b + c` rounded once, as the processor's FMA instruction does.
// The product of two float32 is exact in a double, so the only trap is rounding twice: the sum to a double, then to
// a float32. That goes wrong only where the double lies exactly half-way between two float32.

/** `a · b + c` of three float32, rounded once to float32. */
export function fma32(a: number, b: number, c: number): number {
  const sum = a * b + c
  const rounded = Math.fround(sum)
  // Reflecting the rounded value about the sum gives a float32 only from a midpoint (or when nothing was rounded).
  const reflected = sum + (sum - rounded)
  if (reflected !== rounded && Math.fround(reflected) === reflected) return roundHalfway(a * b, c, sum)
  return rounded
}

/** The sum was rounded onto the midpoint: its exact error (Knuth's TwoSum) says to which side it belongs. */
function roundHalfway(product: number, c: number, sum: number): number {
  const rest = sum - product
  const error = product - (sum - rest) + (c - rest)
  const rounded = Math.fround(sum)
  const remainder = sum - rounded
  return error !== 0 && error > 0 === remainder > 0 ? rounded + 2 * remainder : rounded
}
