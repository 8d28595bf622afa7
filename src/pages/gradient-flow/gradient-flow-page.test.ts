import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { madeUpComparison, madeUpTwins } from '../../explain/flow/testing/made-up-flows.js'
import type { Chart } from '../charts/chart.js'
import {
  assertSelfContained,
  assertWellFormed,
  embeddedIn,
  HOSTILE,
  scriptsOf
} from '../testing/assert-page.js'
import { flowCharts } from './flow-charts.js'
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
const titled = (charts: readonly Chart[], title: string): Chart[] =>
  charts.filter(chart => chart.title.includes(title))
const licence = readFileSync(new URL('../../../node_modules/uplot/LICENSE', import.meta.url), 'utf8')

describe('flowCharts', () => {
  it('shows gradients layer by layer at each time, zeros as gaps, on one range', () => {
    const [chart] = titled(flowCharts(twins, 20), 'Gradient')
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
    assertWellFormed(page)
    assertSelfContained(page)
    expect(page).toContain(licence.trim())
    expect(page.replace(licence.trim(), '').replaceAll('http-equiv', '')).not.toMatch(
      /https?:|@import|<link/i
    )
  })

  it('gives the script a figure for each chart, and a slider for those that move', async () => {
    const page = await gradientFlowPage(madeUpComparison([twins, twins]))
    const charts = [...flowCharts(twins, 20), ...flowCharts(twins, 20)]
    expect(embeddedIn(page, 'charts')).toEqual(charts)
    expect(page.match(/<figure class="chart">/g)).toHaveLength(charts.length)
    expect(page.match(/<input type="range" min="0" max="1"/g)).toHaveLength(2)
  })

  it('says in words and figures what the charts show', async () => {
    const page = await gradientFlowPage(madeUpComparison([twins]), { title: 'Mine', settings: { lr: '0.1' } })
    for (const text of [
      '<title>Mine</title>',
      'finds the class of 90.0\u00a0% of the held-out images',
      '<th scope="row">net <small>plain</small></th><td>1,000</td><td>100</td><td>1.0000</td><td>90.0 %</td>',
      '<th scope="row">lr</th><td>0.1</td>'
    ]) {
      expect(page).toContain(text)
    }
  })

  it('keeps hostile names text', async () => {
    const named = {
      ...twins,
      name: HOSTILE,
      residual: { ...twins.residual, blocks: twins.residual.blocks.map(() => HOSTILE) }
    }
    const page = await gradientFlowPage(madeUpComparison([named]), {
      title: HOSTILE,
      command: HOSTILE,
      settings: { [HOSTILE]: HOSTILE }
    })
    expect(page).not.toMatch(/<img|<script>alert/)
    assertWellFormed(page)
    assertSelfContained(page)
    expect(scriptsOf(page)).toHaveLength(1)
  })
})
