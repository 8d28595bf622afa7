// A chart of curves over steps, drawn by uPlot, which is loaded when the first one is shown.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { chartOptions, readPalette, type ChartScale, type CurveStyle } from './chart-options.js'

/** A curve: a value, or none, for each of the chart's places. */
export interface Curve {
  readonly style: CurveStyle
  readonly values: readonly (number | null)[]
}

interface Props {
  readonly title: string
  readonly hint: string
  /** The accessible name. */
  readonly label: string
  readonly scale: ChartScale
  /** Steps, rising. */
  readonly places: readonly number[]
  readonly curves: readonly Curve[]
}

const HEIGHT = 220

export function Curves({ title, hint, label, scale, places, curves }: Props): JSX.Element {
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
    void import('uplot').then(({ default: Plot }) => {
      if (isGone) return
      const size = { width: element.clientWidth, height: HEIGHT }
      plot.current = new Plot(
        { ...chartOptions(() => palette, scale, styles), ...size },
        data.current,
        element
      )
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
      <div ref={frame} role="img" aria-label={label} style={{ height: `${HEIGHT}px` }} />
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
