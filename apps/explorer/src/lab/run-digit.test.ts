// What of a drawing the network is given: neither where it stands on the paper nor how large it is counts.
import { describe, expect, it } from 'vitest'
import { digitPicture } from './run-digit.js'

const SEVEN = [
  [20, 12, 78, 12, 40, 92],
  [32, 50, 68, 50]
]
const changed = (change: (value: number, i: number) => number): number[][] =>
  SEVEN.map(stroke => stroke.map((value, i) => change(value, i % 2)))
const inkOf = ({ data }: { readonly data: Uint8Array }): number => data.reduce((sum, level) => sum + level, 0)

describe('digitPicture', () => {
  it('is black where nothing is drawn', () => {
    expect(digitPicture([])).toEqual({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) })
    expect(inkOf(digitPicture([[]]))).toBe(0)
  })

  it('fills the picture from top to bottom with the ink that the bundled digits have', () => {
    const { data } = digitPicture(SEVEN)
    const row = (y: number): number[] => Array.from({ length: 8 }, (_, x) => data[8 * y + x])
    expect(Math.max(...row(0))).toBe(255)
    expect(Math.max(...row(7))).toBeGreaterThan(100)
    // 312 of 1024 pixels, 16 of which are 255.
    expect(inkOf({ data }) / ((312 * 255) / 16)).toBeCloseTo(1, 1)
  })

  it('does not depend on where the digit stands, or on its size', () => {
    const expected = digitPicture(SEVEN)
    expect(digitPicture(changed((value, axis) => value + (axis === 0 ? 64 : -32)))).toEqual(expected)
    expect(digitPicture(changed(value => value * 4))).toEqual(expected)
  })

  it('takes a dot and a level line for what they are', () => {
    for (const strokes of [[[5, 5]], [[5, 5, 50, 5]], [[5, 5, 5, 50]]]) {
      const ink = inkOf(digitPicture(strokes))
      expect(ink).toBeGreaterThan(1000)
      expect(Number.isFinite(ink)).toBe(true)
    }
  })
})
