// Grey and colour as in Pillow. Brightness, contrast, saturation and sharpness blend with a degenerate picture (ImageEnhance;
// a factor of 1 changes nothing); hue goes through eight-bit HSV, with Pillow's mixture of float and double arithmetic.
import type { Picture } from '../picture.js'

const { floor, fround, max, min, round, trunc } = Math

/** Luma, ITU-R 601-2 (Pillow: `convert('L')`, bit for bit). Shape: (H, W, 3) → (H, W, 1); grey is unchanged. */
export function toGrey(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  if (channels === 1) return picture
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 0x8000) >> 16
  }
  return { width, height, channels: 1, data: grey }
}

/** Grey as RGB (Pillow: `convert('RGB')`). Shape: (H, W, 1) → (H, W, 3); RGB is unchanged. */
export function toRgb(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  if (channels === 3) return picture
  const rgb = new Uint8Array(3 * data.length)
  for (let from = 0, to = 0; from < data.length; from++, to += 3) {
    rgb[to] = rgb[to + 1] = rgb[to + 2] = data[from]
  }
  return { width, height, channels: 3, data: rgb }
}

/** Blends with black (torchvision: `functional.adjust_brightness`). */
export function adjustBrightness(picture: Picture, factor: number): Picture {
  return blendWithLevel(picture, 0, factor)
}

/** Blends with the mean grey level (torchvision: `functional.adjust_contrast`). */
export function adjustContrast(picture: Picture, factor: number): Picture {
  const { width, height } = picture
  const sum = toGrey(picture).data.reduce((total, level) => total + level, 0)
  return blendWithLevel(picture, trunc(sum / (width * height) + 0.5), factor)
}

/** Blends with the picture in grey (torchvision: `functional.adjust_saturation`). */
export function adjustSaturation(picture: Picture, factor: number): Picture {
  if (picture.channels === 1) return picture
  const alpha = fround(factor)
  const { data } = picture
  const { data: grey } = toGrey(picture)
  const out = new Uint8Array(data.length)
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    out[at] = blend(grey[pixel], data[at], alpha)
    out[at + 1] = blend(grey[pixel], data[at + 1], alpha)
    out[at + 2] = blend(grey[pixel], data[at + 2], alpha)
  }
  return { ...picture, data: out }
}

/** Blends with the smoothed picture (torchvision: `functional.adjust_sharpness`). */
export function adjustSharpness(picture: Picture, factor: number): Picture {
  const alpha = fround(factor)
  const { width, height, channels, data } = picture
  // Border pixels stay: they are not smoothed.
  const out = new Uint8Array(data)
  const stride = width * channels
  const threeFrom = (at: number): number => data[at] + data[at + channels] + data[at + 2 * channels]
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * stride + channels, end = (y + 1) * stride - channels; at < end; at++) {
      // 3×3 smoothing, 5/13 for the centre and 1/13 each for its neighbours, rounded (Pillow: `SMOOTH`, which sums in float32, but
      // its errors never reach a rounding boundary).
      const first = at - channels
      const sum = threeFrom(first - stride) + threeFrom(first) + 4 * data[at] + threeFrom(first + stride)
      out[at] = blend(trunc((2 * sum + 13) / 26), data[at], alpha)
    }
  }
  return { ...picture, data: out }
}

function blendWithLevel(picture: Picture, level: number, factor: number): Picture {
  const alpha = fround(factor)
  return mapLevels(picture, from => blend(level, from, alpha))
}

/** Rotates the hue by −0.5 to 0.5 of the circle (torchvision: `functional.adjust_hue`). */
export function adjustHue(picture: Picture, turn: number): Picture {
  if (picture.channels === 1) return picture
  const { data } = picture
  const out = new Uint8Array(data.length)
  const shift = trunc(turn * 255)
  for (let at = 0; at < data.length; at += 3) {
    const red = data[at]
    const green = data[at + 1]
    const blue = data[at + 2]
    const value = max(red, green, blue)
    const spread = value - min(red, green, blue)
    const saturation = trunc(fround(spread / value) * 255)
    if (spread === 0 || saturation === 0) {
      write(out, at, value, value, value)
    } else {
      const hue = (hueOf(red, green, blue, value, spread) + shift) & 255
      writeRgb(out, at, hue, saturation, value)
    }
  }
  return { ...picture, data: out }
}

/** The hue of a colour that has one, 0 … 255. */
function hueOf(red: number, green: number, blue: number, value: number, spread: number): number {
  const fromRed = fround((value - red) / spread)
  const fromGreen = fround((value - green) / spread)
  const fromBlue = fround((value - blue) / spread)
  let sixths: number
  if (red === value) sixths = fround(fromBlue - fromGreen)
  else if (green === value) sixths = fround(2 + fromRed - fromBlue)
  else sixths = fround(4 + fromGreen - fromRed)
  const turns = sixths / 6 + 1
  return trunc(fround(turns - floor(turns)) * 255)
}

function writeRgb(out: Uint8Array, at: number, hue: number, saturation: number, value: number): void {
  const sixths = (hue * 6) / 255
  const sector = floor(sixths)
  const rest = fround(sixths - sector)
  const share = fround(saturation / 255)
  const low = round(value * (1 - share))
  const falling = round(value * (1 - fround(share * rest)))
  const rising = round(value * (1 - share * (1 - rest)))
  const sextant = sector % 6
  if (sextant === 0) write(out, at, value, rising, low)
  else if (sextant === 1) write(out, at, falling, value, low)
  else if (sextant === 2) write(out, at, low, value, rising)
  else if (sextant === 3) write(out, at, low, falling, value)
  else if (sextant === 4) write(out, at, rising, low, value)
  else write(out, at, value, low, falling)
}

function write(out: Uint8Array, at: number, red: number, green: number, blue: number): void {
  out[at] = red
  out[at + 1] = green
  out[at + 2] = blue
}

/** Pillow's blend in float32, truncated: `from` at alpha 0, `to` at 1. */
function blend(from: number, to: number, alpha: number): number {
  const level = fround(from + fround(alpha * (to - from)))
  return level <= 0 ? 0 : level >= 255 ? 255 : trunc(level)
}

/** Maps each level, through a lookup table (Pillow: `image.point(table)`). */
function mapLevels(picture: Picture, level: (from: number) => number): Picture {
  const { data } = picture
  const table = tableOf(level)
  const out = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at++) out[at] = table[data[at]]
  return { ...picture, data: out }
}

/** Keeps the upper bits of each level, 0 to 8 of them (torchvision: `functional.posterize`). */
export function posterize(picture: Picture, bits: number): Picture {
  const kept = ~(2 ** (8 - bits) - 1)
  return mapLevels(picture, level => level & kept)
}

/** Inverts the levels from a threshold up (torchvision: `functional.solarize`). */
export function solarize(picture: Picture, threshold: number): Picture {
  return mapLevels(picture, level => (level < threshold ? level : 255 - level))
}

/** Stretches each channel from black to white (torchvision: `functional.autocontrast`). */
export function autoContrast(picture: Picture): Picture {
  return mapEachChannel(picture, counts => {
    const darkest = counts.findIndex(count => count > 0)
    const brightest = counts.findLastIndex(count => count > 0)
    if (brightest <= darkest) return undefined
    const scale = 255 / (brightest - darkest)
    const offset = -darkest * scale
    return tableOf(level => max(0, min(255, trunc(level * scale + offset))))
  })
}

/** Equalises the histogram of each channel (torchvision: `functional.equalize`). */
export function equalize(picture: Picture): Picture {
  return mapEachChannel(picture, counts => {
    const pixels = picture.width * picture.height
    const brightest = counts[counts.findLastIndex(count => count > 0)]
    const step = floor((pixels - brightest) / 255)
    // Pillow leaves channels with few pixels or a single level unchanged.
    if (step === 0) return undefined
    let before = floor(step / 2)
    return tableOf(level => {
      const equal = min(255, floor(before / step))
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
  const out = new Uint8Array(data)
  for (let channel = 0; channel < channels; channel++) {
    const counts = new Uint32Array(256)
    for (let at = channel; at < data.length; at += channels) counts[data[at]]++
    const table = tableFor(counts)
    if (!table) continue
    for (let at = channel; at < data.length; at += channels) out[at] = table[data[at]]
  }
  return { ...picture, data: out }
}
