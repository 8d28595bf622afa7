// Options of charts: their scales, and the page's colours, which a canvas does not inherit.
import type UPlot from 'uplot'
import { powerOfTen } from './figures.js'

/** Losses as exponents of ten, or shares in per cent. */
export type ChartScale = 'loss' | 'percent'

/** Whose curve it is, and how it is drawn. */
export interface CurveStyle {
  readonly lane: 0 | 1
  readonly look: 'faint' | 'line' | 'marked'
}

const FONT = '12px system-ui, sans-serif'
const MOST_LINES = 6
/** The initial length of the axis of steps, which then doubles. */
const FIRST_STEPS = 50
/** The smallest range of exponents of ten in a chart of losses. */
const LEAST_EXPONENTS = [-1, 1] as const

export interface Palette {
  readonly lanes: readonly [string, string]
  readonly text: string
  readonly line: string
}

/** @param palette gives the colours at each drawing. */
export function chartOptions(
  palette: () => Palette,
  scale: ChartScale,
  styles: readonly CurveStyle[]
): Omit<UPlot.Options, 'width' | 'height'> {
  const axis = { stroke: () => palette().text, font: FONT, ticks: { show: false } }
  const grid = { stroke: () => palette().line, width: 1 }
  const { range, axis: labels } = SCALES[scale]
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 12, 0, 0],
    scales: { x: { time: false, range: (_plot, _min, max) => [0, endOf(max)] }, y: range },
    axes: [
      { ...axis, grid: { show: false }, size: 28 },
      { ...axis, grid, size: 48, ...labels }
    ],
    series: [{}, ...styles.map(style => seriesOf(style, () => palette().lanes[style.lane]))]
  }
}

const SCALES: Readonly<Record<ChartScale, { readonly range: UPlot.Scale; readonly axis: UPlot.Axis }>> = {
  percent: {
    range: { range: [0, 100] },
    axis: { values: (_plot, places) => places.map(place => `${place} %`) }
  },
  loss: {
    range: { range: rangeOfExponents },
    axis: {
      splits: (_plot, _axis, min, max) => exponentsBetween(min, max),
      values: (_plot, places) => places.map(lossLabel)
    }
  }
}

function seriesOf({ look }: CurveStyle, stroke: () => string): UPlot.Series {
  return {
    stroke,
    width: look === 'faint' ? 1 : 2,
    alpha: look === 'faint' ? 0.35 : 1,
    spanGaps: look === 'marked',
    points: { show: look === 'marked', size: 6, fill: stroke }
  }
}

function rangeOfExponents(_plot: UPlot, min: number | null, max: number | null): UPlot.Range.MinMax {
  const [least, most] = LEAST_EXPONENTS
  return [Math.min(least, Math.floor(min ?? least)), Math.max(most, Math.ceil(max ?? most))]
}

/** Whole exponents; of many, every second or third. */
function exponentsBetween(low: number, high: number): number[] {
  const every = Math.ceil((high - low) / MOST_LINES)
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => low + i * every)
}

function lossLabel(exponent: number): string {
  const isReadable = exponent >= -3 && exponent <= 3
  return isReadable ? String(Number((10 ** exponent).toPrecision(1))) : powerOfTen(exponent)
}

/** Where the axis of steps ends. */
function endOf(steps: number | null): number {
  let end = FIRST_STEPS
  while (end < (steps ?? 0)) end *= 2
  return end
}

/** Resolves the page's colours: a custom property may be an expression, not a colour. */
export function readPalette(element: HTMLElement): Palette {
  const probe = element.appendChild(document.createElement('span'))
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const palette = {
    lanes: [colour('--flow'), colour('--skip')],
    text: colour('--muted'),
    line: colour('--line')
  } as const
  probe.remove()
  return palette
}
