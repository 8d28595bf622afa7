// A chart as plain data, which a page embeds and its script draws with uPlot, and its vertical axis.

/** A line's colour: one of the page's, or a place on a scale from the first line (0) to the last (1). */
export type ChartLook = 'first' | 'second' | 'third' | 'faint' | number

export interface ChartLine {
  readonly label: string
  readonly look: ChartLook
  /** Whether its points are marked. */
  readonly marked?: boolean
}

/** The values of all lines at one time. */
export interface ChartFrame {
  /** Names the time. */
  readonly caption: string
  /** Of each line, a value for each x; null leaves a gap. */
  readonly values: readonly (readonly (number | null)[])[]
}

/** A chart; with more than one frame it has a slider. */
export interface Chart {
  readonly title: string
  readonly note?: string
  readonly xLabel: string
  readonly x: readonly number[]
  /** The name of each x, where it has one. */
  readonly names?: readonly string[]
  /** Labels for the ends of the horizontal axis, in place of numbers. */
  readonly ends?: readonly [first: string, last: string]
  readonly logarithmic: boolean
  /** From the lowest to the highest value of all frames. */
  readonly range: readonly [low: number, high: number]
  readonly lines: readonly ChartLine[]
  readonly frames: readonly ChartFrame[]
}

/** A chart as it is asked for: null is a missing value; values that are not finite are left out and counted. */
export interface ChartPlan extends Omit<Chart, 'logarithmic' | 'range' | 'lines' | 'frames'> {
  /** `fitting`: logarithmic where small values would be lost on a linear axis. */
  readonly scale: 'linear' | 'logarithmic' | 'fitting'
  /** Each with its values at each time. */
  readonly lines: readonly (ChartLine & { readonly values: ChartFrame['values'] })[]
  /** Names the times, if there are several. */
  readonly times?: readonly string[]
}

/** Differences and ratios of values within these stay finite. */
const LARGEST = 1e150
const SMALLEST = 1e-150
/** More than this from the lowest to the highest value calls for a logarithmic axis. */
const WIDE = 100
/** A range this small beside its values is rounding, not a curve. */
const FLAT = 1e-6
/** So many have room for their labels. */
const MOST_EXPONENTS = 8

/** The chart, with values of four digits; undefined where there is no value to draw. */
export function chartOf({ scale, lines, times = [''], ...plan }: ChartPlan): Chart | undefined {
  const given = lines.flatMap(({ values }) => values.flat()).filter(value => value !== null)
  const isDrawn = (value: number | null): value is number =>
    value !== null && Number.isFinite(value) && (scale !== 'logarithmic' || value >= SMALLEST)
  const drawn = given.filter(isDrawn)
  if (drawn.length === 0) return undefined
  const low = drawn.reduce((a, b) => Math.min(a, b))
  const high = drawn.reduce((a, b) => Math.max(a, b))
  const logarithmic = scale === 'logarithmic' || (scale === 'fitting' && low >= SMALLEST && high / low > WIDE)
  const leftOut = given.filter(value => !Number.isFinite(value)).length
  const notes = [
    ...(plan.note === undefined ? [] : [plan.note]),
    ...(logarithmic ? ['logarithmic axis'] : []),
    ...(leftOut > 0 ? [`${leftOut} not finite, left out`] : [])
  ]
  const shown = lines.filter(({ values }) => values.flat().some(isDrawn))
  return {
    ...plan,
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    logarithmic,
    range: [bounded(low), bounded(high)],
    lines: shown.map(({ values: _, ...line }) => line),
    frames: times.map((caption, time) => ({
      caption,
      values: shown.map(({ values }) =>
        values[time].map(value => (isDrawn(value) ? Number(bounded(value).toPrecision(4)) : null))
      )
    }))
  }
}

/** 1, 2, 3, … */
export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}

function bounded(value: number): number {
  // Adding 0 makes 0 of −0, which JSON does not have.
  return Math.min(LARGEST, Math.max(-LARGEST, value)) + 0
}

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
