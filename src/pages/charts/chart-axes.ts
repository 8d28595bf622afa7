// Where the vertical axis of a chart begins and ends, and what is written beside it.
import type { Chart } from './chart.js'

/** A range this small beside its values is rounding, not a curve. */
const FLAT = 1e-6
/** So many have room for their labels. */
const MOST_EXPONENTS = 8

/** From where to where the vertical axis goes; a logarithmic one in exponents of ten. */
export function axisRange({
  logarithmic,
  range: [low, high]
}: Pick<Chart, 'logarithmic' | 'range'>): [low: number, high: number] {
  if (logarithmic) {
    const first = Math.floor(Math.log10(low) + 1e-9)
    const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9))
    return [first, last]
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  const margin = high - low > FLAT * size ? (high - low) / 20 : size / 10 || 1
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin]
}

/** Whole exponents from first to last; of many, every second or third. */
export function exponents([first, last]: readonly [first: number, last: number]): number[] {
  const stride = Math.max(1, Math.ceil((last - first) / MOST_EXPONENTS))
  return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, i) => first + i * stride)
}

/** A value in so many digits at most. */
export function figure(value: number, digits: number): string {
  const short = Number(value.toPrecision(digits))
  return Math.abs(short) >= 1e5 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential()
    : String(short)
}
