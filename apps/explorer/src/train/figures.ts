// Number formats of the part "Train", and the logarithmic scale of gradients, the same for both networks.

/** Shown if there is no value. */
export const NO_FIGURE = '–'

/** A loss: `0.482`, `2.31`, `1.2 × 10²³`. */
export function lossText(loss: number | undefined): string {
  if (loss === undefined) return NO_FIGURE
  return loss >= 1e4 || loss < 1e-3 ? scientific(loss) : loss.toPrecision(3)
}

/** A share: `93.3 %`. */
export function shareText(share: number | undefined): string {
  return share === undefined ? NO_FIGURE : `${(100 * share).toFixed(1)} %`
}

/** A gradient norm, over many powers of ten: `0.14`, `3.2 × 10⁻⁷`. */
export function gradientText(length: number | undefined): string {
  if (length === undefined) return NO_FIGURE
  if (length === 0) return '0'
  if (length >= 0.01 && length < 1000) return String(Number(length.toPrecision(2)))
  return scientific(length)
}

function scientific(value: number): string {
  const [digits, exponent] = value.toExponential(1).split('e')
  return `${digits} × ${powerOfTen(Number(exponent))}`
}

const RAISED = new Map(Array.from('-0123456789', (digit, i) => [digit, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[i]]))

/** `10⁻⁷`. */
export function powerOfTen(exponent: number): string {
  return `10${Array.from(String(exponent), digit => RAISED.get(digit) ?? digit).join('')}`
}

/** From one power of ten to another. */
export interface GradientScale {
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
