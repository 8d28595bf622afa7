import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, terminalChart, wholeTicks, type ValueScale } from './terminal-chart.js'

const falling = { name: 'residual', mark: '*', values: [4, 2, 1, 0.5, 0] }
const slower = { name: 'plain', mark: 'o', values: [4, 3, 2.5, 2, 2] }
const shown = (...args: Parameters<typeof terminalChart>): string => `\n${terminalChart(...args)}\n`

describe('terminalChart', () => {
  it('draws curves that differ in their marks', () => {
    expect(shown([falling, slower], { width: 40, height: 9, yLabel: 'loss' })).toMatchInlineSnapshot(`
      "
      loss
      4 ┤*oo
        │  *oooo
        │    ** ooooooo
        │      **      ooooooooo
      2 ┤        ****           oooooooooooooo
        │            ****
        │                *******
        │                       *********
      0 ┤                                *****
        └┬────────┬────────┬────────┬────────┬
         1        2        3        4        5
         * residual   o plain
      "
    `)
  })

  it('leaves out what is not finite, and marks a single point', () => {
    const gaps = { name: 'gaps', mark: 'x', values: [1, NaN, 3, 3, Infinity, 1] }
    expect(shown([gaps], { width: 30, height: 5 })).toMatchInlineSnapshot(`
      "
      3 ┤          xxxxxxx
        │
      2 ┤
        │
      1 ┤x                         x
        └┬───────────────┬─────────┬
         1               4         6
         x gaps
      "
    `)
    const one = { name: 'one', mark: 'x', values: [0.5] }
    expect(shown([one], { width: 30, height: 4 })).toMatchInlineSnapshot(`
      "
      0.6 ┤
          │
      0.5 ┤x
      0.4 ┤
          └┬────────────────────────
           1
           x one
      "
    `)
  })

  it('draws axes where there is nothing else', () => {
    expect(shown([], { width: 20, height: 3 })).toMatchInlineSnapshot(`
      "
      1 ┤
        │
      0 ┤
        └─────────────────
      "
    `)
  })

  it('writes values as it is told', () => {
    const text = terminalChart([falling], { width: 40, height: 6, format: value => `${25 * value} %` })
    expect(text).toContain('100 % ┤*')
  })

  it('lets curves that lie on each other take turns', () => {
    const twin = { ...falling, name: 'twin', mark: 'o' }
    const [top] = terminalChart(
      [
        { ...falling, values: [1, 1] },
        { ...twin, values: [1, 1] }
      ],
      {
        width: 16,
        height: 3
      }
    )
      .split('\n')
      .filter(line => line.includes('*'))
    expect(top).toMatch(/(\*o){3}/)
  })

  it('colours only when told to, and changes nothing else by it', () => {
    const options = { width: 40, height: 6 }
    const plain = terminalChart([falling, slower], options)
    const coloured = terminalChart([falling, slower], { ...options, colour: true })
    const codes = /\u001b\[\d+m/g
    expect(plain).not.toMatch(codes)
    expect(coloured).toMatch(codes)
    expect(coloured.replace(codes, '')).toBe(plain)
  })

  it('is never wider than asked for', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' })
    const series = fc.record({
      name: ascii,
      mark: fc.constantFrom('*', 'o', '●', ''),
      values: fc.array(fc.double())
    })
    const options = fc.record(
      { width: fc.nat(120), height: fc.nat(30), yLabel: ascii },
      { requiredKeys: ['width', 'height'] }
    )
    fc.assert(
      fc.property(fc.array(series, { maxLength: 4 }), options, (several, asked) => {
        for (const line of terminalChart(several, asked).split('\n')) {
          expect(line.length).toBeLessThanOrEqual(asked.width)
        }
      })
    )
  })
})

const labels = (scale: ValueScale): string[] => scale.ticks.map(({ label }) => label)

describe('linearScale', () => {
  it.each([
    { values: [0, 1], shown: ['0', '0.2', '0.4', '0.6', '0.8', '1.0'] },
    { values: [0.3, 0.7], shown: ['0.3', '0.4', '0.5', '0.6', '0.7'] },
    { values: [71, 98.4], shown: ['70', '80', '90', '100'] },
    { values: [1e-5, 5e-5], shown: ['1e-5', '2e-5', '3e-5', '4e-5', '5e-5'] },
    { values: [NaN, Infinity], shown: ['0', '0.2', '0.4', '0.6', '0.8', '1.0'] }
  ])('writes round figures beside $values', ({ values, shown }) => {
    expect(labels(linearScale(values, 5))).toEqual(shown)
  })

  it('takes any values: ticks rise, differ in their labels, and enclose what is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.integer({ min: 1, max: 8 }), (values, wanted) => {
        const scale = linearScale(values, wanted)
        const ticks = scale.ticks.map(({ value }) => value)
        expect(ticks.every(Number.isFinite)).toBe(true)
        expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1])).toBe(true)
        expect(new Set(labels(scale)).size).toBe(ticks.length)
        expect(ticks.length).toBeLessThanOrEqual(wanted + 3)
        for (const value of values.filter(Number.isFinite)) {
          expect(scale.place(value)).toBeGreaterThanOrEqual(0)
          expect(scale.place(value)).toBeLessThanOrEqual(1)
        }
        expect([scale.place(ticks[0]), scale.place(ticks[ticks.length - 1])]).toEqual([0, 1])
      })
    )
  })
})

describe('wholeTicks', () => {
  it.each([
    [1, 1, [1]],
    [1, 2, [1, 2]],
    [1, 5, [1, 2, 3, 4, 5]],
    [1, 20, [1, 5, 10, 15, 20]],
    [1, 90, [1, 20, 40, 60, 90]]
  ])('from %d to %d are %j', (first, last, ticks) => {
    expect(wholeTicks(first, last, 5)).toEqual(ticks)
  })
})
