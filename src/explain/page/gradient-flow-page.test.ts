import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { madeUpComparison, madeUpTwins } from '../flow/testing/made-up-flows.js'
import { CHART_SCRIPT } from './chart-script.js'
import { flowCharts, type FlowChart } from './flow-charts.js'
import { gradientFlowPage } from './gradient-flow-page.js'

const twins = madeUpTwins(
  {
    gradients: [
      [0.001, 1],
      [0.5, 1]
    ]
  },
  {
    gradients: [
      [0.4, 1],
      [0.5, 1]
    ],
    ratios: [
      [1.4, 0.3, null],
      [1.2, 0.25, 0.1]
    ]
  },
  {
    gradients: [
      [0, 0],
      [0.5, 2]
    ],
    ratios: [
      [0, 0, 0],
      [0.1, 0.2, 0.3]
    ]
  }
)
const titled = (charts: readonly FlowChart[], title: string): FlowChart[] =>
  charts.filter(chart => chart.title.includes(title))
const licence = readFileSync(new URL('../../../node_modules/uplot/LICENSE', import.meta.url), 'utf8')
const uplot = readFileSync(
  new URL('../../../node_modules/uplot/dist/uPlot.iife.min.js', import.meta.url),
  'utf8'
)

describe('flowCharts', () => {
  it('shows gradients layer by layer at each time, zeros as gaps, on one range', () => {
    const [chart] = titled(flowCharts(twins, 20), 'gradient')
    expect(chart).toMatchObject({
      logarithmic: true,
      x: [1, 2, 3, 4, 5],
      names: ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'],
      range: [0.001, 2]
    })
    expect(chart.frames.map(({ caption }) => caption)).toEqual(['step 1, epoch 1.0', 'step 11, epoch 1.5'])
    expect(chart.frames[0].values).toEqual([
      [0.001, 1, 1, 1, 1],
      [0.4, 1, 1, 1, 1],
      [null, 1, 1, 1, null]
    ])
  })

  it('shows the ratio of each block over time, for each network with blocks', () => {
    const charts = titled(flowCharts(twins, 20), '‖F(x)‖')
    expect(charts.map(({ x, lines }) => [x, lines.map(({ label, look }) => [label, look])])).toEqual(
      Array(2).fill([
        [0, 10],
        [
          ['block0', 0],
          ['block1', 0.5],
          ['block2', 1]
        ]
      ])
    )
    expect(charts[0].frames[0].values).toEqual([
      [1.4, 1.2],
      [0.3, 0.25],
      [null, 0.1]
    ])
    expect(charts[1].frames[0].values.map(([start]) => start)).toEqual([0, 0, 0])
  })

  it('lines up runs of unequal length, and leaves out what was never measured', () => {
    const [loss, ...rest] = flowCharts(
      madeUpTwins({ steps: 2, accuracy: null }, { steps: 4, accuracy: null }),
      20
    )
    expect(loss.x).toEqual([1, 2, 3, 4])
    expect(loss.frames[0].values[0]).toEqual([1, 1, null, null])
    expect(titled(rest, 'Accuracy')).toEqual([])
    expect(flowCharts(madeUpTwins({ steps: 0 }, { steps: 0 }), 20)).toEqual([])
  })
})

describe('gradientFlowPage', () => {
  it('holds all it needs and fetches nothing', async () => {
    const page = await gradientFlowPage(madeUpComparison([twins]), { command: 'resnet gradient-flow' })
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`
    )
    expect(page).toContain(uplot)
    expect(page).toContain(licence.trim())
    // Its comment names its home; nothing else names any.
    expect(page.replace(uplot, '').replaceAll('http-equiv', '')).not.toMatch(
      /http|src=|href=|url\(|@import|<link/i
    )
    expect(page).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|import\(/)
  })

  it('gives the script a figure for each chart, and a slider for those that move', async () => {
    const page = await gradientFlowPage(madeUpComparison([twins, twins]))
    const data = /<script type="application\/json" id="charts">(.*)<\/script>/.exec(page)?.[1] ?? ''
    const charts = [...flowCharts(twins, 20), ...flowCharts(twins, 20)]
    expect(JSON.parse(data)).toEqual(charts)
    expect(page.match(/<figure class="chart">/g)).toHaveLength(charts.length)
    expect(page.match(/<input type="range" min="0" max="1"/g)).toHaveLength(2)
    // The script is text until a browser reads it: at least it parses.
    expect(() => new Script(CHART_SCRIPT)).not.toThrow()
  })

  it('says in words and figures what the charts show', async () => {
    const page = await gradientFlowPage(madeUpComparison([twins]), { title: 'Mine', settings: { lr: '0.1' } })
    for (const text of [
      '<title>Mine</title>',
      'finds the class of 90.0&nbsp;% of the held-out images',
      '<th scope="row">net <small>plain</small></th><td>1,000</td><td>100</td><td>1.0000</td><td>90.0 %</td>',
      '<th scope="row">lr</th><td>0.1</td>'
    ]) {
      expect(page).toContain(text)
    }
  })

  it('keeps hostile names text', async () => {
    const hostile = `</script><script>alert("1")</script>'&amp;<img src=x onerror=alert(1)>`
    const named = {
      ...twins,
      name: hostile,
      residual: { ...twins.residual, blocks: twins.residual.blocks.map(() => hostile) }
    }
    const page = await gradientFlowPage(madeUpComparison([named]), {
      title: hostile,
      command: hostile,
      settings: { [hostile]: hostile }
    })
    expect(page).not.toMatch(/<img|<script>alert/)
    expect(page.match(/<script/g)).toHaveLength(3)
  })
})
