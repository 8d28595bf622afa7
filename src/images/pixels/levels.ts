// Point operations through lookup tables, as in Pillow's ImageOps.
import type { Picture } from '../picture.js'

/** Pillow's blend in float32, truncated: `from` at alpha 0, `to` at 1. */
export function blend(from: number, to: number, alpha: number): number {
  const level = Math.fround(from + Math.fround(alpha * (to - from)))
  return level <= 0 ? 0 : level >= 255 ? 255 : Math.trunc(level)
}

/** Applies a lookup table (Pillow: `image.point(table)`). Shape of the table: (256). */
export function mapLevels(picture: Picture, table: Uint8Array): Picture {
  const { data } = picture
  const out = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at++) out[at] = table[data[at]]
  return { ...picture, data: out }
}

/** Keeps the upper bits of each level, 0 to 8 of them (torchvision: `functional.posterize`). */
export function posterize(picture: Picture, bits: number): Picture {
  const kept = ~(2 ** (8 - bits) - 1)
  return mapLevels(
    picture,
    tableOf(level => level & kept)
  )
}

/** Inverts the levels from a threshold up (torchvision: `functional.solarize`). */
export function solarize(picture: Picture, threshold: number): Picture {
  return mapLevels(
    picture,
    tableOf(level => (level < threshold ? level : 255 - level))
  )
}

/** Stretches each channel from black to white (torchvision: `functional.autocontrast`). */
export function autoContrast(picture: Picture): Picture {
  return mapEachChannel(picture, counts => {
    const darkest = counts.findIndex(count => count > 0)
    const brightest = counts.findLastIndex(count => count > 0)
    if (brightest <= darkest) return undefined
    const scale = 255 / (brightest - darkest)
    const offset = -darkest * scale
    return tableOf(level => Math.max(0, Math.min(255, Math.trunc(level * scale + offset))))
  })
}

/** Equalises the histogram of each channel (torchvision: `functional.equalize`). */
export function equalize(picture: Picture): Picture {
  return mapEachChannel(picture, counts => {
    const pixels = picture.width * picture.height
    const brightest = counts[counts.findLastIndex(count => count > 0)]
    const step = Math.floor((pixels - brightest) / 255)
    // Pillow leaves channels with few pixels or a single level unchanged.
    if (step === 0) return undefined
    let before = Math.floor(step / 2)
    return tableOf(level => {
      const equal = Math.min(255, Math.floor(before / step))
      before += counts[level]
      return equal
    })
  })
}

function tableOf(level: (from: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, from) => level(from))
}

/** Maps each channel by a table made from its histogram; undefined leaves it unchanged. */
function mapEachChannel(
  picture: Picture,
  tableFor: (counts: Uint32Array) => Uint8Array | undefined
): Picture {
  const { channels, data } = picture
  const out = data.slice()
  for (let channel = 0; channel < channels; channel++) {
    const counts = new Uint32Array(256)
    for (let at = channel; at < data.length; at += channels) counts[data[at]]++
    const table = tableFor(counts)
    if (!table) continue
    for (let at = channel; at < data.length; at += channels) out[at] = table[data[at]]
  }
  return { ...picture, data: out }
}
