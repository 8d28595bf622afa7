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
import { linearScale, wholeTicks } from './axis.js'

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

interface Cell {
  readonly text: string
  readonly series?: number
}

type Line = readonly Cell[]

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
  const margin = Math.max(...[...ticks.values()].map(columns))
  const plotWidth = Math.max(1, Math.floor(width) - margin - 2)
  const longest = series.reduce((most, { values }) => Math.max(most, values.length), 0)
  const columnOf = (i: number): number =>
    longest < 2 ? 0 : Math.round((i * (plotWidth - 1)) / (longest - 1))
  const plot = drawn(series, rows, plotWidth, { rowOf, columnOf })
  const lines: Line[] = [
    ...(yLabel === undefined ? [] : [cells(yLabel)]),
    ...plot.map((row, i) => {
      const label = ticks.get(i)
      const head = `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}`
      return [...cells(head), ...row]
    }),
    ...xAxis(longest, plotWidth, columnOf).map(text => cells(`${' '.repeat(margin + 1)}${text}`)),
    ...legend(series, margin + 2, width)
  ]
  return lines.map(line => rendered(line.slice(0, Math.max(0, Math.floor(width))), colour)).join('\n')
}

interface Places {
  rowOf(value: number): number
  columnOf(index: number): number
}

/** The plot: each cell shows one of the series through it. */
function drawn(
  series: readonly TerminalSeries[],
  rows: number,
  plotWidth: number,
  { rowOf, columnOf }: Places
): Line[] {
  const passing = Array.from({ length: rows }, () =>
    Array.from({ length: plotWidth }, () => new Set<number>())
  )
  for (const [s, { values }] of series.entries()) {
    for (const [i, value] of values.entries()) {
      if (!Number.isFinite(value)) continue
      const end = { row: rowOf(value), column: columnOf(i) }
      const before = values[i - 1]
      const start = Number.isFinite(before) ? { row: rowOf(before), column: columnOf(i - 1) } : end
      const steps = Math.max(1, Math.abs(end.row - start.row), end.column - start.column)
      for (let step = 0; step <= steps; step++) {
        const row = Math.round(start.row + ((end.row - start.row) * step) / steps)
        const column = Math.round(start.column + ((end.column - start.column) * step) / steps)
        passing[row][column].add(s)
      }
    }
  }
  return passing.map(row =>
    row.map((here, column) => {
      if (here.size === 0) return { text: ' ' }
      // Overlapping curves alternate.
      const shown = [...here][column % here.size]
      return { text: markOf(series[shown]), series: shown }
    })
  )
}

function xAxis(longest: number, plotWidth: number, columnOf: (index: number) => number): string[] {
  if (longest === 0) return [`└${'─'.repeat(plotWidth)}`]
  const rule = Array.from({ length: plotWidth }, () => '─')
  const labels = Array.from({ length: plotWidth }, () => ' ')
  const all = wholeTicks(1, longest, Math.floor(plotWidth / TICK_ROOM))
  // The ends first; others are dropped if there is no room.
  const ordered = [...new Set([all[0], all[all.length - 1], ...all])]
  for (const tick of ordered) {
    const text = String(tick)
    const column = columnOf(tick - 1)
    const from = Math.max(0, Math.min(column - Math.floor(text.length / 2), plotWidth - text.length))
    const around = labels.slice(Math.max(0, from - 1), from + text.length + 1)
    if (around.some(character => character !== ' ') || from + text.length > plotWidth) continue
    rule[column] = '┬'
    labels.splice(from, text.length, ...Array.from(text))
  }
  return [`└${rule.join('')}`, ` ${labels.join('')}`]
}

/** The legend, wrapped. */
function legend(series: readonly TerminalSeries[], indent: number, width: number): Line[] {
  const lines: Cell[][] = []
  for (const [s, one] of series.entries()) {
    const entry = [{ text: markOf(one), series: s }, ...cells(` ${one.name}`)]
    const last = lines.at(-1)
    if (last && last.length + LABEL_GAP.length + entry.length <= width) {
      last.push(...cells(LABEL_GAP), ...entry)
    } else {
      lines.push([...cells(' '.repeat(Math.max(0, Math.min(indent, width - entry.length)))), ...entry])
    }
  }
  return lines
}

function rendered(line: Line, colour: boolean): string {
  const text = line
    .map(cell =>
      colour && cell.series !== undefined
        ? `\u001b[${COLOURS[cell.series % COLOURS.length]}m${cell.text}\u001b[0m`
        : cell.text
    )
    .join('')
  return text.trimEnd()
}

function cells(text: string): Cell[] {
  return Array.from(text, character => ({ text: character }))
}

function columns(text: string): number {
  return Array.from(text).length
}

function markOf({ mark }: TerminalSeries): string {
  return Array.from(mark)[0] ?? '*'
}
