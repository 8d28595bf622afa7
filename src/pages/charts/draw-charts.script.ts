// Draws the charts that a page embeds with uPlot, each into the figure of the same place, and moves all sliders together.
// Colours come from the style sheet, so that light and dark are one page.
import type uPlot from 'uplot'
import { findElement } from '../find-element.js'
import { axisRange, exponents, figure, type Chart, type ChartLook } from './chart.js'
import { loadPlot } from './load-plot.js'

const HEIGHT = 280
const FONT = '12px system-ui, sans-serif'
const WHOLE_STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap(power => [1, 2, 5].map(digit => digit * power))

const dark = matchMedia('(prefers-color-scheme: dark)')
const probe = document.body.appendChild(document.createElement('span'))
probe.hidden = true

/** One of the page's colours as it is now: a canvas cannot read a custom property. */
function colour(name: string): string {
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}

/** The scale from the first line to the last goes from blue to red. */
function strokeOf(look: ChartLook): () => string {
  if (typeof look === 'string') return () => colour(look)
  return () => `hsl(${225 + 140 * look} 70% ${dark.matches ? 65 : 45}%)`
}

/** Lines differ without colour, too. */
function isDashed(look: ChartLook): boolean {
  return look === 'second'
}

function written({ logarithmic }: Chart, place: number | null | undefined, digits: number): string {
  if (place === null || place === undefined) return '–'
  return figure(logarithmic ? 10 ** place : place, digits)
}

function axisOf(extra: uPlot.Axis): uPlot.Axis {
  const lines = { stroke: () => colour('line'), width: 1 }
  return { stroke: () => colour('muted'), font: FONT, labelFont: FONT, grid: lines, ticks: lines, ...extra }
}

function optionsFor(chart: Chart, hasLegend: boolean): Omit<uPlot.Options, 'width' | 'height'> {
  const { x, names, ends, logarithmic } = chart
  const range = axisRange(chart)
  return {
    padding: [8, 16, 0, 0],
    scales: {
      x: { time: false },
      y: { range: () => range }
    },
    axes: [
      axisOf({
        label: chart.xLabel,
        labelSize: 20,
        size: 32,
        incrs: WHOLE_STEPS,
        ...(ends ? { splits: () => [x[0], x[x.length - 1]], values: () => [...ends] } : {})
      }),
      axisOf({
        size: 58,
        values: (_, ticks) => ticks.map(tick => written(chart, tick, 12)),
        ...(logarithmic ? { splits: () => exponents(range) } : {})
      })
    ],
    series: [
      {
        label: names ? 'layer' : chart.xLabel,
        value: (_, value, __, at) => (at === null ? '–' : names ? names[at] : String(value))
      },
      ...chart.lines.map(({ label, look, marked = false }): uPlot.Series => {
        const stroke = strokeOf(look)
        return {
          label,
          stroke,
          width: look === 'faint' ? 1 : hasLegend ? 2 : 1.5,
          ...(isDashed(look) ? { dash: [6, 4] } : {}),
          points: marked ? { size: 6, width: 1, fill: stroke } : { show: false },
          value: (_, place: number | null) => written(chart, place, 4)
        }
      })
    ],
    legend: {
      show: hasLegend,
      markers: { dash: (_, at) => (isDashed(chart.lines[at - 1].look) ? 'dashed' : 'solid') }
    },
    cursor: { focus: { prox: hasLegend ? -1 : 24 }, drag: { x: true, y: false } },
    focus: { alpha: 0.25 }
  }
}

/** Shows below a chart without a legend which line and value the pointer is at. */
function pointingIn(element: HTMLElement, chart: Chart): uPlot.Hooks.Arrays {
  // The series under the cursor; 0 is x itself.
  let focused = 0
  return {
    setSeries: [(_, at) => (focused = at ?? 0)],
    setCursor: [
      ({ cursor: { idx }, data }) => {
        if (focused === 0 || idx === undefined || idx === null) {
          element.textContent = element.dataset.hint ?? ''
        } else {
          const name = `${chart.lines[focused - 1].label}, ${chart.xLabel} ${chart.x[idx]}`
          element.textContent = `${name}: ${written(chart, data[focused][idx], 4)}`
        }
      }
    ]
  }
}

/** Draws a chart; returns its slider, where it has one, and what moves it. */
function draw(
  Plot: typeof uPlot,
  chart: Chart,
  holder: Element
): { slider: HTMLInputElement | null; show(share: number): void } {
  const { x, frames } = chart
  const plot = findElement(holder, '.plot', HTMLElement)
  const pointed = holder.querySelector<HTMLElement>('.pointed')
  const slider = holder.querySelector('input')
  // A logarithmic chart is drawn in exponents of ten.
  const placeOf = (value: number | null): number | null =>
    chart.logarithmic && value !== null ? Math.log10(value) : value
  const dataOf = (frame: number): uPlot.AlignedData => [
    [...x],
    ...frames[frame].values.map(line => line.map(placeOf))
  ]
  const size = (): { width: number; height: number } => ({ width: plot.clientWidth, height: HEIGHT })
  const hooks = pointed ? pointingIn(pointed, chart) : {}
  const u = new Plot({ ...optionsFor(chart, !pointed), ...size(), hooks }, dataOf(0), plot)
  new ResizeObserver(() => {
    if (plot.clientWidth > 0 && plot.clientWidth !== u.width) u.setSize(size())
  }).observe(plot)
  dark.addEventListener('change', () => u.redraw(false))
  return {
    slider,
    show(share) {
      const frame = Math.round(share * (frames.length - 1))
      u.setData(dataOf(frame), false)
      u.redraw()
      if (!slider) return
      slider.value = String(frame)
      slider.setAttribute('aria-valuetext', frames[frame].caption)
      findElement(holder, 'output', HTMLElement).textContent = frames[frame].caption
    }
  }
}

const figures = [...document.querySelectorAll('figure.chart')]
const charts = JSON.parse(findElement(document, '#charts', HTMLScriptElement).textContent) as Chart[]
void loadPlot().then(Plot => {
  const drawn = charts.map((chart, i) => draw(Plot, chart, figures[i]))
  const moving = drawn.filter(({ slider }) => slider !== null)
  for (const { slider } of moving) {
    slider?.addEventListener('input', () => {
      const share = Number(slider.value) / Number(slider.max)
      for (const { show } of moving) show(share)
    })
  }
})
