import { describe, expect, it } from 'vitest'
import { gradientText, heightOn, linesOn, lossText, powerOfTen, widened } from './figures.js'

describe('the scale of gradients', () => {
  it('holds whatever comes, and never shrinks', () => {
    const first = widened(undefined, [0.5, 2])
    expect(first).toEqual({ low: -3, high: 1 })
    const wide = widened(first, [3e-8, 400])
    expect(wide).toEqual({ low: -8, high: 3 })
    expect(widened(wide, [1])).toEqual(wide)
    expect(widened(undefined, [0, NaN, 1e-30])).toEqual({ low: -12, high: 1 })
  })

  it('has equal heights for equal factors, none for nothing, and holds what is beyond it', () => {
    const scale = { low: -3, high: 1 }
    expect(heightOn(scale, 0.1)).toBeCloseTo(0.5)
    expect(heightOn(scale, 1) - heightOn(scale, 0.1)).toBeCloseTo(0.25)
    expect([0, NaN, 1e-9, 1e9].map(length => heightOn(scale, length))).toEqual([0, 0, 0, 1])
  })

  it('has a few lines, at whole powers', () => {
    expect(linesOn({ low: -3, high: 1 })).toEqual([-3, -2, -1, 0, 1])
    expect(linesOn({ low: -8, high: 3 })).toEqual([-8, -6, -4, -2, 0, 2])
  })
})

describe('figures', () => {
  it('are short, and readable over all sizes', () => {
    expect([0.14159, 0, 3.21e-7, 25_000].map(gradientText)).toEqual(['0.14', '0', '3.2 × 10⁻⁷', '2.5 × 10⁴'])
    expect([2.3456, 0.04821, 1.2e23, undefined].map(lossText)).toEqual(['2.35', '0.0482', '1.2 × 10²³', '–'])
    expect(powerOfTen(-12)).toBe('10⁻¹²')
  })
})
