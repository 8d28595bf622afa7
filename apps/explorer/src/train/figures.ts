// Number formats of the part "Train".

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
