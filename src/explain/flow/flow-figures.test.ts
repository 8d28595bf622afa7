import { describe, expect, it } from 'vitest'
import { endLoss, formatRatio, mainLayers, median, reachOf } from './flow-figures.js'
import { madeUpFlow } from './testing/made-up-flows.js'

describe('figures', () => {
  it.each([
    [2, '2.0'],
    [608.5, '610'],
    [0.4217, '0.42'],
    [0.1, '0.10'],
    [0.058, '1/17'],
    [0.0999, '1/10'],
    [1.37e-8, '1/73,000,000'],
    [0, '0'],
    [NaN, '–'],
    [Infinity, '–']
  ])('the ratio %d is shown as %s', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text)
  })

  it('has medians of odd, even and zero counts', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5])
    expect(median([])).toBeNaN()
  })

  it('compares the first layer of the main path with its last, if that has a gradient', () => {
    const flow = madeUpFlow({
      gradients: [
        [1, 0],
        [1, 4],
        [3, 2]
      ]
    })
    expect(reachOf(flow)).toEqual([
      { after: 10, ratio: 0.25 },
      { after: 20, ratio: 1.5 }
    ])
    const projected = { ...flow, layers: flow.layers.map((layer, i) => ({ ...layer, onShortcut: i === 4 })) }
    expect(mainLayers(projected).map(({ place }) => place)).toEqual([0, 1, 2, 3])
    expect(reachOf(projected).map(({ ratio }) => ratio)).toEqual([1, 1, 3])
  })

  it('averages the loss of the last tenth of the steps', () => {
    const losses = Array.from({ length: 40 }, (_, i) => (i < 36 ? 9 : i))
    expect(endLoss({ ...madeUpFlow(), losses })).toBe(37.5)
    expect(endLoss({ ...madeUpFlow(), losses: [2] })).toBe(2)
    expect(endLoss({ ...madeUpFlow(), losses: [] })).toBeUndefined()
  })
})
