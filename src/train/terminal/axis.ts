// Axis scales and ticks of terminal charts.

export interface ValueScale {
  readonly ticks: readonly { readonly value: number; readonly label: string }[]
  /** Maps a value to 0 … 1. */
  place(value: number): number
}

// Larger values would overflow in differences.
const LARGEST = 1e150
const SMALLEST = 1e-150
// A smaller relative range is rounding error.
const FLAT = 1e-6

/** A linear scale with round ends around all finite values. */
export function linearScale(values: Iterable<number>, wantedTicks: number): ValueScale {
  const [low, high] = roomyRange(values)
  const step = roundStep((high - low) / Math.max(1, wantedTicks))
  // The tolerance keeps rounding errors from adding a step.
  const first = Math.floor(low / step + 1e-6)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-6))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12))
  )
  const [bottom, top] = [ticks[0], ticks[ticks.length - 1]]
  const largest = Math.max(Math.abs(bottom), Math.abs(top))
  return {
    ticks: ticks.map(value => ({ value, label: labelOf(value, step, largest) })),
    place: value => Math.min(1, Math.max(0, (value - bottom) / (top - bottom)))
  }
}

/** Whole numbers from first to last, both included. */
export function wholeTicks(first: number, last: number, wanted: number): number[] {
  if (last <= first) return [first]
  const step = Math.max(1, roundStep((last - first) / Math.max(1, wanted)))
  const between: number[] = []
  for (let tick = Math.ceil(first / step) * step; tick < last; tick += step) {
    if (tick - first >= 0.6 * step && last - tick >= 0.6 * step) between.push(tick)
  }
  return [first, ...between, last]
}

/** The smallest of 1, 2, 5 times a power of ten that is at least this. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const factor = [1, 2, 5].find(digit => digit * power >= atLeast * (1 - 1e-9)) ?? 10
  return factor * power
}

/** The range of all finite values, never empty. */
function roomyRange(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [LARGEST, -LARGEST]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.max(-LARGEST, Math.min(low, value))
    high = Math.min(LARGEST, Math.max(high, value))
  }
  if (low > high) [low, high] = [0, 1]
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (high - low > FLAT * size && high - low > SMALLEST) return [low, high]
  const margin = size > SMALLEST ? size / 10 : 1
  return [low < 0 ? low - margin : Math.max(0, low - margin), high + margin]
}

function labelOf(value: number, step: number, largest: number): string {
  if (value === 0) return '0'
  if (largest >= 1e6 || largest < 1e-2) {
    // Enough digits to distinguish ticks.
    const digits = Math.max(1, Math.ceil(Math.log10(largest / step) + 1))
    return Number(value.toPrecision(digits)).toExponential()
  }
  return value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)))
}
