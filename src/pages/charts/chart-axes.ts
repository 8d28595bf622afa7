// Where the vertical axis of a chart begins and ends, and what is written beside it.
import type { Chart } from './chart.js'

/** A range this small beside its values is rounding, not a curve. */
const FLAT = 1e-6
/** Powers of ten that have room for their labels. */
const MOST_POWERS = 8

/** From where to where the vertical axis goes. */
export function axisRange({
  logarithmic,
  range: [low, high]
}: Pick<Chart, 'logarithmic' | 'range'>): [low: number, high: number] {
  if (logarithmic) {
    const first = Math.floor(Math.log10(low) + 1e-9)
    const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9))
    return [10 ** first, 10 ** last]
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  const margin = high - low > FLAT * size ? (high - low) / 20 : size / 10 || 1
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin]
}

/** Powers of ten on a logarithmic axis; of many, every second or third. */
export function powersOfTen([low, high]: readonly [low: number, high: number]): number[] {
  const [first, last] = [low, high].map(value => Math.round(Math.log10(value)))
  const stride = Math.max(1, Math.ceil((last - first) / MOST_POWERS))
  return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, i) => 10 ** (first + i * stride))
}

/** A value in so many digits at most. */
export function figure(value: number, digits: number): string {
  const short = Number(value.toPrecision(digits))
  return Math.abs(short) >= 1e5 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential()
    : String(short)
}
