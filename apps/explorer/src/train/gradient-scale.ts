// The scale that bars of gradients stand on: powers of ten, the same for both networks.

/** From one power of ten to another. */
export interface GradientScale {
  /** Exponents of ten. */
  readonly low: number
  readonly high: number
}

/** What is shown at least. */
const NARROWEST: GradientScale = { low: -3, high: 1 }
/** Nobody can tell apart what is below. */
const LOWEST = -12

/** A scale that holds some more lengths; it only ever grows, so that bars can be compared from step to step. */
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

/** The powers of ten inside a scale that have a line: at most so many. */
export function linesOn({ low, high }: GradientScale, most = 6): number[] {
  const every = Math.ceil((high - low) / most)
  const exponents = Array.from({ length: high - low + 1 }, (_, i) => low + i)
  return exponents.filter(exponent => exponent % every === 0)
}
