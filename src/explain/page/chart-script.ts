// The script of a page with charts. It finds the data in the page, draws each chart with uPlot into the figure of the
// same place, and moves all sliders together. Colours come from the style sheet, so that light and dark are one page.

/** A chart of more lines than this has no legend: what is pointed at is said below it. */
export const MOST_IN_LEGEND = 6

/** Stands inside a script element, after uPlot. */
export const CHART_SCRIPT = `
'use strict'
{
  const charts = JSON.parse(document.getElementById('charts').textContent)
  const figures = [...document.querySelectorAll('figure.chart')]
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
  // From the first block to the last: blue to red.
  const strokeOf = look => () =>
    typeof look === 'string' ? colour(look) : 'hsl(' + (225 + 140 * look) + ' 70% ' + (dark.matches ? 65 : 45) + '%)'
  const digits = value => (value === 0 ? '0' : Math.abs(value) < 0.001 || Math.abs(value) >= 10000
    ? value.toExponential(1) : String(Number(value.toPrecision(3))))
  const HEIGHT = 280
  const MANY = ${MOST_IN_LEGEND}

  function rangeOf({ logarithmic, range: [low, high] }) {
    if (logarithmic) return [10 ** Math.floor(Math.log10(low)), 10 ** Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1)]
    const margin = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1
    return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin]
  }

  function axis(extra) {
    return {
      stroke: () => colour('muted'), font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif',
      grid: { stroke: () => colour('line'), width: 1 }, ticks: { stroke: () => colour('line'), width: 1 }, ...extra
    }
  }

  function draw(chart, figure) {
    const { x, lines, frames, names, logarithmic } = chart
    const plot = figure.querySelector('.plot')
    const said = figure.querySelector('.said')
    const isMany = lines.length > MANY
    // The line under the cursor, from 1.
    let focused = 0
    const range = rangeOf(chart)
    const where = at => (names ? names[at] : chart.xLabel + ' ' + x[at])
    // Powers of ten far apart: not each of them has room for its label.
    const [low, high] = logarithmic ? range.map(value => Math.round(Math.log10(value))) : [0, 0]
    const stride = Math.max(1, Math.ceil((high - low) / 8))
    const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((_, i) => i % stride === 0)
    const powerLabel = power => (power >= -3 && power <= 3 ? String(Number((10 ** power).toFixed(3))) : '1e' + power)
    const u = new uPlot({
      width: plot.clientWidth, height: HEIGHT,
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1, range: () => range } },
      axes: [
        axis({ label: chart.xLabel, labelSize: 20, size: 32, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 1e5, 1e6] }),
        axis({
          size: 58,
          ...(logarithmic
            ? { splits: () => powers.map(power => 10 ** power), filter: (_, ticks) => ticks, values: () => powers.map(powerLabel) }
            : { values: (_, ticks) => ticks.map(digits) })
        })
      ],
      series: [
        { label: names ? 'layer' : chart.xLabel, value: (_, value, __, at) => (at == null ? '–' : names ? names[at] : String(value)) },
        ...lines.map(({ label, look, marked }) => ({
          label, stroke: strokeOf(look), width: isMany ? 1.5 : 2,
          ...(look === 'plain' ? { dash: [6, 4] } : {}),
          points: { show: marked === true, size: 5, width: 1, fill: strokeOf(look) },
          value: (_, value) => (value == null ? '–' : digits(value))
        }))
      ],
      legend: { show: !isMany },
      cursor: { focus: { prox: isMany ? 24 : -1 }, drag: { x: true, y: false } },
      focus: { alpha: 0.25 },
      hooks: isMany && said ? {
        setCursor: [u => {
          const line = u.cursor.idxs && focused > 0 ? lines[focused - 1].label : ''
          const at = u.cursor.idx
          said.textContent = line && at != null
            ? line + ', ' + chart.xLabel + ' ' + x[at] + ': ' + (u.data[focused][at] == null ? '–' : digits(u.data[focused][at]))
            : said.dataset.rest
        }],
        setSeries: [(_, at) => { focused = at == null ? 0 : at }]
      } : {}
    }, [x, ...frames[0].values], plot)
    new ResizeObserver(() => {
      if (plot.clientWidth > 0 && plot.clientWidth !== u.width) u.setSize({ width: plot.clientWidth, height: HEIGHT })
    }).observe(plot)
    dark.addEventListener('change', () => u.redraw(false))
    return {
      slider: figure.querySelector('input'),
      show(share) {
        const frame = frames[Math.round(share * (frames.length - 1))]
        u.setData([x, ...frame.values], false)
        u.redraw()
        const slider = figure.querySelector('input')
        slider.value = String(Math.round(share * (frames.length - 1)))
        slider.setAttribute('aria-valuetext', frame.caption)
        figure.querySelector('output').textContent = frame.caption
      }
    }
  }

  const drawn = charts.map((chart, i) => draw(chart, figures[i]))
  const moving = drawn.filter(({ slider }) => slider)
  for (const { slider } of moving) {
    slider.addEventListener('input', () => {
      const share = Number(slider.value) / Number(slider.max)
      for (const { show } of moving) show(share)
    })
  }
}
`
