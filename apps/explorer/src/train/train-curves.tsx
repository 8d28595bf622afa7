// The two charts of a comparison, batch losses and accuracies on held-out digits, drawn by uPlot, which is loaded when
// the first one is shown.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Pair } from '../lab/train.js'
import { useWords } from '../words/words.js'
import { chartOptions, readPalette, type ChartScale, type CurveStyle } from './chart-options.js'
import { smoothed, stepsOf, type History } from './history.js'
import { loadPlot } from './load-plot.js'

interface Props {
  readonly history: History
  readonly names: Pair<string>
  /** The number of held-out digits, once known. */
  readonly heldBack: number | undefined
}

const LANES = [0, 1] as const

export function TrainCurves({ history, names, heldBack }: Props): JSX.Element {
  const { train: words } = useWords()
  const losses = useMemo(() => lossChart(history), [history])
  const accuracies = useMemo(() => accuracyChart(history), [history])
  return (
    <div class="charts">
      <p class="legend row" aria-hidden="true">
        {names.map((name, lane) => (
          <span key={lane} class={`swatch lane-${lane}`}>
            {name}
          </span>
        ))}
      </p>
      <Curves title={words.loss} hint={words.lossHint} scale="loss" {...losses} />
      <Curves
        title={words.accuracy}
        hint={heldBack === undefined ? '' : words.accuracyHint(heldBack)}
        scale="percent"
        {...accuracies}
      />
    </div>
  )
}

/** A curve: a value, or none, for each of the chart's places. */
interface Curve {
  readonly style: CurveStyle
  readonly values: readonly (number | null)[]
}

interface CurvesProps {
  readonly title: string
  readonly hint: string
  readonly scale: ChartScale
  /** Steps, rising. */
  readonly places: readonly number[]
  readonly curves: readonly Curve[]
}

const HEIGHT = 220

function Curves({ title, hint, scale, places, curves }: CurvesProps): JSX.Element {
  const { train: words } = useWords()
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | undefined>(undefined)
  const data = useRef<UPlot.AlignedData>([[]])
  data.current = [[...places], ...curves.map(({ values }) => [...values])]
  const styles = curves.map(({ style }) => style)

  useEffect(() => {
    const element = frame.current
    if (!element) return undefined
    let isGone = false
    let palette = readPalette(element)
    void loadPlot().then(Plot => {
      if (isGone) return
      const options = chartOptions(() => palette, scale, styles)
      const size = { width: element.clientWidth, height: HEIGHT }
      plot.current = new Plot({ ...options, ...size }, data.current, element)
    })
    const sizes = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT })
    })
    sizes.observe(element)
    const stop = onColours(() => {
      palette = readPalette(element)
      plot.current?.redraw(false, true)
    })
    return () => {
      isGone = true
      sizes.disconnect()
      stop()
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [scale])
  useEffect(() => plot.current?.setData(data.current), [places, curves])

  return (
    <figure class="curves">
      <figcaption>
        <h3>{title}</h3> <span>{hint}</span>
      </figcaption>
      <div ref={frame} role="img" aria-label={words.curveLabel(title)} style={{ height: `${HEIGHT}px` }} />
    </figure>
  )
}

/** Calls back when the colour scheme changes; returns a function that stops that. */
function onColours(listener: () => void): () => void {
  const chosen = new MutationObserver(listener)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', listener)
  return () => {
    chosen.disconnect()
    system.removeEventListener('change', listener)
  }
}

function lossChart(history: History) {
  const places = Array.from({ length: stepsOf(history) }, (_, i) => i + 1)
  // A logarithmic scale cannot show a loss of zero.
  const shown = (values: readonly number[]): (number | null)[] =>
    places.map((_, i) => (values[i] > 0 ? Math.log10(values[i]) : null))
  const curves = LANES.flatMap((lane): Curve[] => {
    const { losses } = history[lane]
    return [
      { style: { lane, look: 'faint' }, values: shown(losses) },
      { style: { lane, look: 'line' }, values: shown(smoothed(losses)) }
    ]
  })
  return { places, curves }
}

function accuracyChart(history: History) {
  const measured = new Set(history.flatMap(({ accuracies }) => accuracies.map(({ after }) => after)))
  const places = [...measured].sort((a, b) => a - b)
  const curves = LANES.map((lane): Curve => {
    const byPlace = new Map(history[lane].accuracies.map(({ after, value }) => [after, 100 * value]))
    return { style: { lane, look: 'marked' }, values: places.map(place => byPlace.get(place) ?? null) }
  })
  return { places, curves }
}
