// The figures that a page's script draws charts into, and the charts themselves as embedded data.
import type { JSX } from 'preact'
import script from '#text/charts/draw-charts.script'
import { EmbeddedData, type PageScript } from '../page.js'
import type { Chart, ChartLine } from './chart.js'

/** A chart of more lines than this has no legend; the line at the pointer is named below it. */
export const MOST_IN_LEGEND = 6

/** The scripts that a page with these charts needs. */
export function chartScripts(charts: readonly Chart[]): PageScript[] {
  return charts.length > 0 ? [script] : []
}

/** All charts of a page, in the order of their figures. */
export function ChartData({ charts }: { readonly charts: readonly Chart[] }): JSX.Element | null {
  return charts.length > 0 ? <EmbeddedData id="charts" value={charts} /> : null
}

export function ChartFigures({ charts }: { readonly charts: readonly Chart[] }): JSX.Element {
  return (
    <>
      <noscript>
        <p>The charts are drawn by a script, which this browser does not run.</p>
      </noscript>
      <div class="charts">{charts.map(chartFigure)}</div>
    </>
  )
}

function chartFigure({ title, note, xLabel, lines, frames }: Chart): JSX.Element {
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <small>{note}</small>
      </figcaption>
      <div
        class="plot"
        role="img"
        aria-label={`${title} by ${xLabel}: ${lines.map(({ label }) => label).join(', ')}`}
      />
      {lines.length > MOST_IN_LEGEND && ramp(lines)}
      {frames.length > 1 && (
        <label class="row slider">
          time{' '}
          <input
            type="range"
            min="0"
            max={frames.length - 1}
            value="0"
            step="1"
            aria-label="time of training"
          />
          <output>{frames[0].caption}</output>
        </label>
      )}
    </figure>
  )
}

/** In place of a legend: the colours from first to last, and the line at the pointer. */
function ramp(lines: readonly ChartLine[]): JSX.Element {
  const hint = 'point at a line to see its block and value'
  return (
    <>
      <div class="row ramp">
        <span>{lines[0].label}</span>
        <i aria-hidden="true" />
        <span>{lines[lines.length - 1].label}</span>
      </div>
      <p class="pointed" data-hint={hint}>
        {hint}
      </p>
    </>
  )
}
