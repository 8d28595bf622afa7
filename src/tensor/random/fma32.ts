// Fused multiply-add in single precision: `a · b + c` rounded once, like the processor's FMA instruction.
// The product of two float32 is exact in a double, but the sum is rounded twice: to a double, then to a float32. That
// is wrong only if the double lies exactly half-way between two float32.

/** `a · b + c` of three float32, rounded once to float32. */
export function fma32(a: number, b: number, c: number): number {
  const sum = a * b + c
  const rounded = Math.fround(sum)
  // The rounded value reflected about the sum is a float32 only if the sum is a midpoint, or if nothing was rounded.
  const reflected = sum + (sum - rounded)
  if (reflected !== rounded && Math.fround(reflected) === reflected) return roundHalfway(a * b, c, sum)
  return rounded
}

/** For a sum rounded onto a midpoint: its exact error (Knuth's TwoSum) decides the direction. */
function roundHalfway(product: number, c: number, sum: number): number {
  const rest = sum - product
  const error = product - (sum - rest) + (c - rest)
  const rounded = Math.fround(sum)
  const remainder = sum - rounded
  return error !== 0 && error > 0 === remainder > 0 ? rounded + 2 * remainder : rounded
}
