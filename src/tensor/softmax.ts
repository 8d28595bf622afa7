// Softmax on the host.

/** `eˣ / Σ eˣ` in float64, without overflow. */
export function softmax(scores: ArrayLike<number>): number[] {
  const all = Array.from(scores)
  const highest = all.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = all.map(score => Math.exp(score - highest))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / total)
}
