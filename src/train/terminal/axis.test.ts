import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, wholeTicks, type ValueScale } from './axis.js'

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
