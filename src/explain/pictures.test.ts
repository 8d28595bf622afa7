// What is shown: colours, overlays and contact sheets.
import { describe, expect, it } from 'vitest'
import { tensor } from '../tensor/tensor.js'
import { coloured, coloursOf } from './colour-map.js'
import { contactSheet, featureSheet, filterSheet } from './contact-sheet.js'
import { enlargedToView, overlay, repeated } from './overlay.js'

/** 33 colours stand for 256. */
const LEVELS_OFF = 2

// matplotlib 3.8: round(255 · colormaps[name](i / 255)).
const PUBLISHED = {
  inferno: {
    0: [0, 0, 4],
    37: [41, 11, 85],
    100: [144, 37, 104],
    128: [188, 55, 84],
    201: [252, 159, 7],
    255: [252, 255, 164]
  },
  viridis: {
    0: [68, 1, 84],
    37: [70, 51, 127],
    100: [42, 118, 142],
    128: [33, 145, 140],
    201: [115, 208, 86],
    255: [253, 231, 37]
  }
}

describe('colours', () => {
  for (const name of ['inferno', 'viridis'] as const) {
    it(`of ${name} are matplotlib’s`, () => {
      const colours = coloursOf(name)
      for (const [level, published] of Object.entries(PUBLISHED[name])) {
        published.forEach((expected, channel) =>
          expect(Math.abs(colours[3 * Number(level) + channel] - expected)).toBeLessThanOrEqual(LEVELS_OFF)
        )
      }
    })

    it(`of ${name} grow lighter all the way`, () => {
      const colours = coloursOf(name)
      const luma = (level: number): number =>
        0.2126 * colours[3 * level] + 0.7152 * colours[3 * level + 1] + 0.0722 * colours[3 * level + 2]
      for (let level = 8; level < 256; level += 8) expect(luma(level)).toBeGreaterThan(luma(level - 8))
    })
  }

  it('go from 0 to 1 and no further', () => {
    const { data } = coloured(tensor([-1, 0, 0.5, 1, 7], [1, 5]), 'grey')
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255])
  })
})

describe('overlay', () => {
  const image = { width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 250, 240, 230) } as const
  const heat = tensor([0, 1], [1, 2])
  it('blends by alpha', () => {
    expect(overlay(image, heat, { alpha: 0 }).data).toEqual(image.data)
    expect(overlay(image, heat, { alpha: 1, colours: 'grey' }).data).toEqual(
      Uint8Array.of(0, 0, 0, 255, 255, 255)
    )
    expect([...overlay(image, heat, { alpha: 0.5, colours: 'grey' }).data]).toEqual([
      5, 10, 15, 253, 248, 243
    ])
  })

  it('refuses sizes that differ and an alpha beyond its range', () => {
    expect(() => overlay(image, tensor([0, 1], [2, 1]))).toThrow(/image has 1 × 2 pixels/)
    expect(() => overlay(image, heat, { alpha: 1.5 })).toThrow(/alpha: expected a number from 0 to 1/)
  })

  it('enlarges small images by whole pixels, and heat smoothly', () => {
    expect([...repeated(image, 2).data]).toEqual([
      ...[10, 20, 30, 10, 20, 30, 250, 240, 230, 250, 240, 230],
      ...[10, 20, 30, 10, 20, 30, 250, 240, 230, 250, 240, 230]
    ])
    const viewed = enlargedToView({ image, heat }, 2)
    expect([viewed.image.width, viewed.image.height, ...viewed.heat.shape]).toEqual([4, 2, 2, 4])
    expect([...viewed.heat.data.slice(0, 4)]).toEqual([0, 0.25, 0.75, 1])
    expect(enlargedToView({ image, heat }, 1).image).toBe(image)
  })
})

describe('contact sheets', () => {
  const pixel = (level: number) =>
    ({ width: 1, height: 1, channels: 3, data: new Uint8Array(3).fill(level) }) as const
  const reds = ({ data }: { data: Uint8Array }): number[] => [...data].filter((_, i) => i % 3 === 0)
  it('lay pictures out row after row, with gutters around', () => {
    const sheet = contactSheet([10, 20, 30].map(pixel), { columns: 2, gutter: 1, scale: 1 })
    expect([sheet.width, sheet.height]).toEqual([5, 5])
    const W = 255
    expect(reds(sheet)).toEqual([
      W,
      W,
      W,
      W,
      W,
      W,
      10,
      W,
      20,
      W,
      W,
      W,
      W,
      W,
      W,
      W,
      30,
      W,
      W,
      W,
      W,
      W,
      W,
      W,
      W
    ])
  })

  it('normalise each map on its own; one without differences is dark', () => {
    const maps = tensor([5, 6, -100, 100, 7, 7], [3, 1, 2])
    const sheet = featureSheet(maps, { columns: 1, gutter: 1, scale: 1, colours: 'grey' })
    const rows = [1, 3, 5].map(row => reds(sheet).slice(row * 4 + 1, row * 4 + 3))
    expect(rows).toEqual([
      [0, 255],
      [0, 255],
      [0, 0]
    ])
  })

  it('show filters of three channels in colour, of one in grey, and others channel by channel', () => {
    const plain = { gutter: 1, scale: 1, columns: 1 }
    const colour = filterSheet(tensor([0, 1, 4], [1, 3, 1, 1]), plain)
    expect([...colour.data.slice(3 * 4, 3 * 5)]).toEqual([0, 64, 255])
    expect([filterSheet(tensor([0, 1], [2, 1, 1, 1]), plain).height]).toEqual([5])
    const many = filterSheet(tensor([0, 1, 2, 3, 4, 5, 6, 7], [4, 2, 1, 1]), { gutter: 1, scale: 1 })
    expect([many.width, many.height]).toEqual([5, 9])
  })

  it('are about as wide as a screen shows, whatever the number of maps', () => {
    for (const [channels, side] of [
      [64, 56],
      [512, 7],
      [16, 8],
      [2048, 7]
    ]) {
      const { width, height } = featureSheet(
        tensor(new Float32Array(channels * side * side), [channels, side, side])
      )
      expect(width).toBeGreaterThan(500)
      expect(width).toBeLessThan(1100)
      expect(Math.abs(height / width - 1)).toBeLessThan(0.2)
    }
  })

  it('refuse what is no set of maps', () => {
    expect(() => featureSheet(tensor([1], [1, 1]))).toThrow(/expected \[channels, h, w\]/)
    expect(() => contactSheet([])).toThrow(/no pictures/)
    expect(() => contactSheet([pixel(0)], { scale: 0 })).toThrow(/scale/)
  })
})
