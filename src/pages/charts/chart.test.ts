import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisRange, chartOf, exponents, figure, numbersTo, type Chart, type ChartPlan } from './chart.js'

const planOf = (values: readonly (number | null)[], scale: ChartPlan['scale'] = 'fitting'): ChartPlan => ({
  title: 'Loss',
  xLabel: 'epoch',
  x: numbersTo(values.length),
  scale,
  lines: [{ label: 'one', look: 'first', values: [values] }]
})
const shown = (chart: Chart | undefined): unknown => chart?.frames.map(({ values }) => values)

describe('chartOf', () => {
  it('takes a logarithmic axis for positive values far apart', () => {
    expect(chartOf(planOf([0.01, 2, NaN]))).toMatchObject({
      logarithmic: true,
      note: 'logarithmic axis; 1 not finite, left out',
      range: [0.01, 2]
    })
    expect(chartOf(planOf([0.5, 2]))?.logarithmic).toBe(false)
    expect(chartOf(planOf([0, 2]))?.logarithmic).toBe(false)
    expect(chartOf(planOf([0.01, 2], 'linear'))?.logarithmic).toBe(false)
    expect(chartOf(planOf([]))).toBeUndefined()
  })

  it('leaves gaps where there is nothing to draw, and lines that are nothing but gaps', () => {
    expect(shown(chartOf(planOf([1, null, Infinity, 2.34567])))).toEqual([[[1, null, null, 2.346]]])
    expect(shown(chartOf(planOf([0, 1], 'logarithmic')))).toEqual([[[null, 1]]])
    const { lines, ...rest } = planOf([1, 2])
    const two = { label: 'two', look: 'second', values: [[null, NaN]] } as const
    const chart = chartOf({ ...rest, lines: [...lines, two] })
    expect(chart?.lines.map(({ label }) => label)).toEqual(['one'])
    expect(shown(chart)).toEqual([[[1, 2]]])
  })

  it('has no negative zero, which its page could not keep', () => {
    const chart = chartOf(planOf([-0]))
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
  })

  it('has an axis around any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double()),
        fc.constantFrom('linear', 'logarithmic', 'fitting'),
        (values, scale) => {
          const chart = chartOf(planOf(values, scale))
          if (!chart) return
          const [low, high] = axisRange(chart)
          expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
          const slack = 1e-3 * Math.max(Math.abs(low), Math.abs(high))
          for (const value of chart.frames[0].values[0]) {
            if (value === null) continue
            const place = chart.logarithmic ? Math.log10(value) : value
            expect(place).toBeGreaterThanOrEqual(low - slack)
            expect(place).toBeLessThanOrEqual(high + slack)
          }
          expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
        }
      )
    )
  })
})

describe('the axes', () => {
  it('give each power of ten the same room, and a label to as many as have room for it', () => {
    const range = axisRange({ logarithmic: true, range: [0.002, 30] })
    expect(range).toEqual([-3, 2])
    expect(exponents(range).map(power => figure(10 ** power, 12))).toEqual([
      '0.001',
      '0.01',
      '0.1',
      '1',
      '10',
      '100'
    ])
    expect(exponents([-20, 0])).toEqual([-20, -17, -14, -11, -8, -5, -2])
  })

  it('leave room around values that are alike', () => {
    expect(axisRange({ logarithmic: false, range: [0, 0] })).toEqual([0, 1])
    expect(axisRange({ logarithmic: false, range: [2, 2] })).toEqual([1.8, 2.2])
    expect(axisRange({ logarithmic: false, range: [-2, -1] })).toEqual([-2.05, -0.95])
    expect(axisRange({ logarithmic: true, range: [0.1, 0.1] })).toEqual([-1, 0])
  })

  it.each([
    [0, '0'],
    [0.30000000000000004, '0.3'],
    [1.00001, '1.00001'],
    [12345, '12345'],
    [1.2e6, '1.2e+6'],
    [0.00002, '2e-5']
  ])('write %d as %s', (value, text) => {
    expect(figure(value, 12)).toBe(text)
  })
})
