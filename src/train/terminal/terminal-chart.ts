// Line charts as text; each series has its own mark, independent of colour.
import {
  aBoolean,
  aFunction,
  aString,
  checkOptions,
  finiteNumber,
  required,
  type OptionsOf
} from '../../base/options.js'
import { printable } from '../../base/words.js'

/** One curve over 1, 2, 3, … */
export interface TerminalSeries {
  readonly name: string
  /** Its mark: a character one column wide. */
  readonly mark: string
  /** Non-finite values are gaps. */
  readonly values: readonly number[]
}

const OPTIONS = {
  /** Maximum width in columns. */
  width: required(finiteNumber),
  /** Lines of the plot, without axis, label and legend. */
  height: required(finiteNumber),
  yLabel: aString,
  /** Format of axis labels. */
  format: aFunction<(value: number) => string>(),
  /** Colour the marks too; default false. */
  colour: aBoolean
}

/** Options of `terminalChart`. */
export interface TerminalChartOptions extends OptionsOf<typeof OPTIONS> {}

/** Its characters, each one column wide; a coloured mark is one of them. */
type Line = readonly string[]

const COLOURS = [36, 33, 35, 32, 34, 31]
const TICK_ROOM = 6
const LABEL_GAP = '   '

/** Draws curves with axes and a legend, as lines. */
export function terminalChart(series: readonly TerminalSeries[], options: TerminalChartOptions): string {
  const { width, height, yLabel, format, colour = false } = checkOptions('terminalChart', options, OPTIONS)
  const rows = Math.max(2, Math.floor(height))
  const scale = linearScale(
    series.flatMap(({ values }) => values),
    Math.max(1, Math.min(5, Math.floor(rows / 2.5)))
  )
  const rowOf = (value: number): number => Math.round((1 - scale.place(value)) * (rows - 1))
  const ticks = new Map(
    scale.ticks.map(({ value, label }) => [rowOf(value), format ? format(value) : label] as const)
  )
  const margin = Math.max(...Array.from(ticks.values(), label => cells(label).length))
  const plotWidth = Math.max(1, Math.floor(width) - margin - 2)
  const longest = Math.max(0, ...series.map(({ values }) => values.length))
  const columnOf = (i: number): number =>
    longest < 2 ? 0 : Math.round((i * (plotWidth - 1)) / (longest - 1))
  const marks = series.map(({ mark }, s) => {
    const character = cells(mark)[0] ?? '*'
    return colour ? `\u001b[${COLOURS[s % COLOURS.length]}m${character}\u001b[0m` : character
  })
  const passing = Array.from({ length: rows }, () =>
    Array.from({ length: plotWidth }, () => new Set<number>())
  )
  for (const [s, { values }] of series.entries()) {
    const points = values.map((value, i) => ({
      row: Number.isFinite(value) ? rowOf(value) : NaN,
      column: columnOf(i)
    }))
    for (const { row, column } of curve(points)) passing[row][column].add(s)
  }
  const plot = passing.map((row, i) => {
    const label = ticks.get(i)
    const head = `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}`
    // Overlapping curves alternate.
    return [...cells(head), ...row.map((here, column) => marks[[...here][column % here.size]] ?? ' ')]
  })
  const lines: Line[] = [
    ...(yLabel === undefined ? [] : [cells(yLabel)]),
    ...plot,
    ...xAxis(longest, plotWidth, columnOf).map(text => cells(`${' '.repeat(margin + 1)}${text}`)),
    ...legend(
      series.map(({ name }, s) => [marks[s], ...cells(` ${name}`)]),
      margin + 2,
      width
    )
  ]
  const columns = Math.max(0, Math.floor(width))
  return lines.map(line => line.slice(0, columns).join('').trimEnd()).join('\n')
}

interface Place {
  /** NaN for a gap. */
  readonly row: number
  readonly column: number
}

/** All places that a curve through some passes. */
function curve(points: readonly Place[]): Place[] {
  return points.flatMap((end, i) => {
    if (Number.isNaN(end.row)) return []
    const before = points.at(Math.max(0, i - 1)) ?? end
    const start = Number.isNaN(before.row) ? end : before
    const steps = Math.max(1, Math.abs(end.row - start.row), end.column - start.column)
    return Array.from({ length: steps + 1 }, (_, step) => ({
      row: Math.round(start.row + ((end.row - start.row) * step) / steps),
      column: Math.round(start.column + ((end.column - start.column) * step) / steps)
    }))
  })
}

function xAxis(longest: number, plotWidth: number, columnOf: (index: number) => number): string[] {
  if (longest === 0) return [`└${'─'.repeat(plotWidth)}`]
  const rule = Array.from({ length: plotWidth }, () => '─')
  const labels = Array.from({ length: plotWidth }, () => ' ')
  const all = wholeTicks(1, longest, Math.floor(plotWidth / TICK_ROOM))
  // The ends first; others are dropped if there is no room.
  for (const tick of new Set([all[0], all[all.length - 1], ...all])) {
    const text = String(tick)
    const column = columnOf(tick - 1)
    const from = Math.max(0, Math.min(column - Math.floor(text.length / 2), plotWidth - text.length))
    const around = labels.slice(Math.max(0, from - 1), from + text.length + 1)
    if (around.some(character => character !== ' ') || from + text.length > plotWidth) continue
    rule[column] = '┬'
    labels.splice(from, text.length, ...cells(text))
  }
  return [`└${rule.join('')}`, ` ${labels.join('')}`]
}

/** The legend's entries, wrapped. */
function legend(entries: readonly Line[], indent: number, width: number): Line[] {
  const lines: string[][] = []
  for (const entry of entries) {
    const last = lines.at(-1)
    if (last && last.length + LABEL_GAP.length + entry.length <= width)
      last.push(...cells(LABEL_GAP), ...entry)
    else lines.push([...cells(' '.repeat(Math.max(0, Math.min(indent, width - entry.length)))), ...entry])
  }
  return lines
}

function cells(text: string): string[] {
  return Array.from(printable(text))
}

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
