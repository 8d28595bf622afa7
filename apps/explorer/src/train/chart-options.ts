// How charts look: their scales, and the page's colours, which canvas has to be told.
import type UPlot from 'uplot'
import { powerOfTen } from './figures.js'

/** A loss, over powers of ten; or a share in per cent. */
export type ChartScale = 'loss' | 'percent'

/** Whose curve it is, and how it is drawn. */
export interface CurveStyle {
  readonly lane: 0 | 1
  readonly look: 'faint' | 'line' | 'marked'
}

/** The colours of the networks, as the page's style has them. */
const LANE_COLOURS = ['--flow', '--skip'] as const
const FONT = '12px system-ui, sans-serif'
const MOST_LINES = 6
/** A chart begins with so many steps, and then doubles. */
const FIRST_STEPS = 50
const LEAST_LOSSES = [0.1, 10] as const
/** As uPlot numbers a scale of powers. */
const LOGARITHMIC = 3

/** Options for a chart inside an element, whose colours are found there at each drawing. */
export function chartOptions(
  element: HTMLElement,
  scale: ChartScale,
  styles: readonly CurveStyle[]
): Omit<UPlot.Options, 'width' | 'height'> {
  const colour = (name: string) => () => colourIn(element, name)
  const axis = { stroke: colour('--muted'), font: FONT, ticks: { show: false } }
  const grid = { stroke: colour('--line'), width: 1 }
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
    series: [{}, ...styles.map(style => seriesOf(style, colour(LANE_COLOURS[style.lane])))]
  }
}

const SCALES: Readonly<Record<ChartScale, { readonly range: UPlot.Scale; readonly axis: UPlot.Axis }>> = {
  percent: {
    range: { range: [0, 100] },
    axis: { values: (_plot, places) => places.map(place => `${place} %`) }
  },
  loss: {
    range: { distr: LOGARITHMIC, range: rangeOfLosses },
    axis: {
      splits: (_plot, _axis, min, max) => powersBetween(min, max),
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

/** Powers of ten around all losses. */
function rangeOfLosses(_plot: UPlot, min: number | null, max: number | null): UPlot.Range.MinMax {
  const [least, most] = LEAST_LOSSES
  return [
    Math.min(least, 10 ** Math.floor(Math.log10(min ?? least))),
    Math.max(most, 10 ** Math.ceil(Math.log10(max ?? most)))
  ]
}

/** Powers of ten; of many, every second or third. */
function powersBetween(min: number, max: number): number[] {
  const [low, high] = [min, max].map(value => Math.round(Math.log10(value)))
  const every = Math.ceil((high - low) / MOST_LINES)
  const exponents = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => low + i * every)
  return exponents.map(exponent => 10 ** exponent)
}

function lossLabel(loss: number): string {
  return loss >= 1e4 || loss < 1e-3
    ? powerOfTen(Math.round(Math.log10(loss)))
    : String(Number(loss.toPrecision(1)))
}

/** Where the axis of steps ends. */
function endOf(steps: number | null): number {
  let end = FIRST_STEPS
  while (end < (steps ?? 0)) end *= 2
  return end
}

/** A colour of the page as numbers: a custom property alone would say how it is found, not what it is. */
function colourIn(element: HTMLElement, name: string): string {
  const before = element.style.color
  element.style.color = `var(${name})`
  const { color } = getComputedStyle(element)
  element.style.color = before
  return color
}
