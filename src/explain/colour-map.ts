// Perceptually uniform colour maps: "inferno" and "viridis" by Stéfan van der Walt and Nathaniel Smith for matplotlib (CC0),
// 33 of their 256 colours; interpolation differs from them by at most two levels.
import { checkArguments, instanceOf, oneOf } from '../base/options.js'
import type { Picture } from '../images/picture.js'
import { Tensor, type FloatTensor } from '../tensor/tensor.js'

const { floor, max, min, round } = Math

const POINTS = {
  inferno: `
    000004 040312 0b0724 150b37 210c4a 2e0a5a 3c0965 4a0c6b 57106d 63146e 70196e
    7d1e6d 89226a 962766 a32b61 af315c bb3755 c63e4d d14644 db4f3b e35932 eb6528
    f1711e f67f14 f98d0a fb9c06 fcab0f fbba1f f9ca32 f5d949 f2e865 f3f586 fcffa4`,
  viridis: `
    440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d
    2f6a8e 2c728e 297a8e 26818e 23898e 21908c 1f988b 1f9f88 21a685 28ae80 31b57b
    3ebc74 4cc26c 5dc963 6ece58 82d34c 96d83f abdc32 c0df24 d5e21a eae51a fde725`,
  grey: `000000 ffffff`
}

export type ColourScale = keyof typeof POINTS

export const COLOUR_SCALES: readonly ColourScale[] = ['inferno', 'viridis', 'grey']

export const A_TENSOR = instanceOf<Tensor>(Tensor)

const LEVELS = 256

/** A colour map of 256 entries, interleaved. Shape: (256, 3). */
export function coloursOf(scale: ColourScale): Uint8Array {
  const points = POINTS[scale].trim().split(/\s+/).map(channelsOf)
  const colours = new Uint8Array(LEVELS * 3)
  for (let level = 0; level < LEVELS; level++) {
    const place = (level / (LEVELS - 1)) * (points.length - 1)
    const before = min(floor(place), points.length - 2)
    const share = place - before
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [points[before][channel], points[before + 1][channel]]
      colours[3 * level + channel] = round(a + (b - a) * share)
    }
  }
  return colours
}

function channelsOf(hex: string): readonly number[] {
  return [0, 2, 4].map(at => Number.parseInt(hex.slice(at, at + 2), 16))
}

/** Maps numbers to colours, clamped to 0 … 1. Shape: (H, W) → (H, W, 3). */
export function coloured(map: FloatTensor, scale: ColourScale = 'inferno'): Picture {
  checkArguments('coloured', { map, scale }, { map: A_TENSOR, scale: oneOf(...COLOUR_SCALES) })
  const { data, shape } = map
  const [height, width] = shape
  const colours = coloursOf(scale)
  const pixels = new Uint8Array(data.length * 3)
  for (let i = 0; i < data.length; i++) {
    const level = round(min(1, max(0, data[i])) * (LEVELS - 1))
    for (let channel = 0; channel < 3; channel++) pixels[3 * i + channel] = colours[3 * level + channel]
  }
  return { width, height, channels: 3, data: pixels }
}
