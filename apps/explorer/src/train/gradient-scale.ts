// The logarithmic scale of gradient bars, the same for both networks.

/** From one power of ten to another. */
export interface GradientScale {
  /** Exponents of ten. */
  readonly low: number
  readonly high: number
}

/** The smallest range. */
const NARROWEST: GradientScale = { low: -3, high: 1 }
/** Norms below this all count as vanished. */
const LOWEST = -12

/** Extends a scale by some norms; it never shrinks, so that bars can be compared from step to step. */
export function widened(scale: GradientScale | undefined, lengths: readonly number[]): GradientScale {
  const exponents = lengths.flatMap(length => (length > 0 ? [Math.log10(length)] : []))
  const { low, high } = scale ?? NARROWEST
  return {
    low: Math.max(LOWEST, Math.min(low, ...exponents.map(Math.floor))),
    high: Math.max(high, ...exponents.map(Math.ceil))
  }
}

/** How high a bar is: 0 … 1. */
export function heightOn({ low, high }: GradientScale, length: number): number {
  if (!(length > 0)) return 0
  return Math.min(1, Math.max(0, (Math.log10(length) - low) / (high - low)))
}

/** The powers of ten with a grid line, at most a given number. */
export function linesOn({ low, high }: GradientScale, most = 6): number[] {
  const every = Math.ceil((high - low) / most)
  const exponents = Array.from({ length: high - low + 1 }, (_, i) => low + i)
  return exponents.filter(exponent => exponent % every === 0)
}
