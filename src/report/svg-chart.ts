// A line chart as SVG that needs nothing but the page's style sheet (report-style.ts): colours come from classes.
import { escapeHtml } from './escape-html.js'
import { linearScale, logarithmicScale, spansDecades, wholeTicks, type ValueScale } from './value-scale.js'

/** A point of a curve; where `y` is not finite the curve has a gap. */
export interface ChartPoint {
  readonly x: number
  readonly y: number
  /** What is shown when it is pointed at. */
  readonly title?: string
}

/** How a curve is drawn; shape and dashes differ too, so that none depends on colour. */
export type CurveLook = 'train' | 'validation' | 'faint'

/** One curve. */
export interface ChartSeries {
  readonly name: string
  readonly look: CurveLook
  readonly points: readonly ChartPoint[]
  /** Whether its points are marked. */
  readonly marked: boolean
  /** Whether it is computed from another curve, whose gaps it shares; default false. */
  readonly derived?: boolean
}

/** What a chart shows. */
export interface Chart {
  readonly title: string
  /** What lies on the horizontal axis. */
  readonly xLabel: string
  /** Figures below the horizontal axis; texts at its ends where figures would say nothing. */
  readonly xTicks: 'whole' | readonly [first: string, last: string]
  readonly series: readonly ChartSeries[]
  /** Powers of ten as equal steps, where the values call for it; default false. */
  readonly mayBeLogarithmic?: boolean
}

const WIDTH = 480
const HEIGHT = 280
const PLOT = { left: 58, right: 468, top: 10, bottom: 236 }
const WANTED_X_TICKS = 7
const WANTED_Y_TICKS = 5
// More marks than this touch each other.
const MOST_LARGE_MARKS = 40

/** A figure with caption, legend and curves; nothing when no point is finite. */
export function lineChart(chart: Chart): string {
  const series = chart.series.filter(({ points }) => points.some(isDrawn))
  const drawn = series.flatMap(({ points }) => points.filter(isDrawn))
  if (drawn.length === 0) return ''
  const measured = chart.series.filter(({ derived }) => derived !== true)
  const leftOut = measured.flatMap(({ points }) => points.filter(point => !isDrawn(point))).length
  const values = drawn.map(({ y }) => y)
  const isLogarithmic = chart.mayBeLogarithmic === true && spansDecades(values)
  const axes = {
    // Gaps at the ends count: charts of one run stay comparable.
    x: horizontal(chart.series.flatMap(({ points }) => points.map(({ x }) => x))),
    y: vertical(isLogarithmic ? logarithmicScale(values) : linearScale(values, WANTED_Y_TICKS))
  }
  const label = `${chart.title} by ${chart.xLabel}: ${series.map(({ name }) => name).join(', ')}`
  const notes = [
    ...(isLogarithmic ? ['logarithmic axis'] : []),
    ...(leftOut > 0 ? [`${leftOut} not finite, left out`] : [])
  ]
  return [
    '<figure class="chart">',
    `<figcaption><b>${escapeHtml(chart.title)}</b>${legend(series)}`,
    ...(notes.length > 0 ? [`<small>${escapeHtml(notes.join('; '))}</small>`] : []),
    '</figcaption>',
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">`,
    yAxis(axes.y),
    xAxis(axes.x, chart),
    ...series.map(one => curve(one, axes)),
    ...series.filter(({ marked }) => marked).map(one => marks(one, axes)),
    '</svg></figure>'
  ].join('\n')
}

interface Horizontal {
  readonly first: number
  readonly last: number
  at(x: number): number
}

interface Vertical {
  readonly scale: ValueScale
  at(y: number): number
}

function horizontal(values: readonly number[]): Horizontal {
  const first = values.reduce((low, x) => Math.min(low, x), Infinity)
  const last = values.reduce((high, x) => Math.max(high, x), -Infinity)
  const { left, right } = PLOT
  // A single point stands in the middle.
  const share = (x: number): number => (last === first ? 0.5 : (x - first) / (last - first))
  return { first, last, at: x => left + 8 + share(x) * (right - left - 16) }
}

function vertical(scale: ValueScale): Vertical {
  return { scale, at: y => PLOT.bottom - scale.place(y) * (PLOT.bottom - PLOT.top) }
}

function yAxis({ scale, at }: Vertical): string {
  return scale.ticks
    .map(({ value, label }) => {
      const y = coordinate(at(value))
      return (
        `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}"/>` +
        `<text x="${PLOT.left - 8}" y="${y}" dy="0.35em" text-anchor="end">${escapeHtml(label)}</text>`
      )
    })
    .join('\n')
}

function xAxis({ first, last, at }: Horizontal, { xTicks, xLabel }: Chart): string {
  const { left, right, bottom } = PLOT
  const text = (x: number, anchor: string, label: string): string =>
    `<text x="${coordinate(x)}" y="${bottom + 18}" text-anchor="${anchor}">${escapeHtml(label)}</text>`
  const labels =
    xTicks === 'whole'
      ? wholeTicks(first, last, WANTED_X_TICKS).map(tick => text(at(tick), 'middle', String(tick)))
      : [text(left, 'start', xTicks[0]), text(right, 'end', xTicks[1])]
  return [
    `<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    ...labels,
    `<text x="${(left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${escapeHtml(xLabel)}</text>`
  ].join('\n')
}

interface Axes {
  readonly x: Horizontal
  readonly y: Vertical
}

function curve({ name, look, points }: ChartSeries, { x, y }: Axes): string {
  let isPenDown = false
  const steps = points.map(point => {
    const command = isPenDown ? 'L' : 'M'
    isPenDown = isDrawn(point)
    // A point between two gaps is a line of no length, which round ends show as a dot.
    return isPenDown
      ? `${command}${coordinate(x.at(point.x))} ${coordinate(y.at(point.y))}${command === 'M' ? 'h0' : ''}`
      : ''
  })
  return `<path class="curve ${look}" d="${steps.join('')}"><title>${escapeHtml(name)}</title></path>`
}

function marks({ look, points }: ChartSeries, { x, y }: Axes): string {
  const radius = points.length > MOST_LARGE_MARKS ? 1.5 : 3
  return points
    .filter(isDrawn)
    .map(point => mark(look, x.at(point.x), y.at(point.y), radius, point.title))
    .join('\n')
}

function mark(look: CurveLook, x: number, y: number, radius: number, title = ''): string {
  const inside = `<title>${escapeHtml(title)}</title>`
  if (look !== 'validation') {
    return `<circle class="mark ${look}" cx="${coordinate(x)}" cy="${coordinate(y)}" r="${radius}">${inside}</circle>`
  }
  const [left, top, side] = [x - radius, y - radius, 2 * radius].map(coordinate)
  return `<rect class="mark ${look}" x="${left}" y="${top}" width="${side}" height="${side}">${inside}</rect>`
}

function legend(series: readonly ChartSeries[]): string {
  return series
    .map(({ name, look, marked }) => {
      const sample = `<path class="curve ${look}" d="M2 7h24"/>${marked ? mark(look, 14, 7, 3, name) : ''}`
      return `<span class="key"><svg viewBox="0 0 28 14" aria-hidden="true">${sample}</svg>${escapeHtml(name)}</span>`
    })
    .join('')
}

function isDrawn({ y }: ChartPoint): boolean {
  return Number.isFinite(y)
}

/** A tenth of a pixel is more than anyone sees. */
function coordinate(value: number): string {
  return String(Math.round(10 * value) / 10)
}
