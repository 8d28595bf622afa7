// Brightness, contrast, saturation and sharpness as blends with a degenerate picture, as in Pillow's ImageEnhance. A factor
// of 1 changes nothing.
import type { Picture } from '../picture.js'
import { toGrey } from './channels.js'
import { blend, mapLevels } from './levels.js'

/** Blends with black (torchvision: `functional.adjust_brightness`). */
export function adjustBrightness(picture: Picture, factor: number): Picture {
  return blendWithLevel(picture, 0, factor)
}

/** Blends with the mean grey level (torchvision: `functional.adjust_contrast`). */
export function adjustContrast(picture: Picture, factor: number): Picture {
  const { width, height } = picture
  const sum = toGrey(picture).data.reduce((total, level) => total + level, 0)
  return blendWithLevel(picture, Math.trunc(sum / (width * height) + 0.5), factor)
}

/** Blends with the picture in grey (torchvision: `functional.adjust_saturation`). */
export function adjustSaturation(picture: Picture, factor: number): Picture {
  if (picture.channels === 1) return picture
  const alpha = Math.fround(factor)
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
  const alpha = Math.fround(factor)
  const { width, height, channels, data } = picture
  // Border pixels stay: they are not smoothed.
  const out = data.slice()
  const stride = width * channels
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * stride + channels, end = (y + 1) * stride - channels; at < end; at++) {
      out[at] = blend(smoothed(data, at, stride, channels), data[at], alpha)
    }
  }
  return { ...picture, data: out }
}

/** 3×3 smoothing, 5/13 for the centre and 1/13 each for its neighbours, rounded (Pillow: `SMOOTH`). */
function smoothed(data: Uint8Array, at: number, stride: number, step: number): number {
  const above = at - stride
  const below = at + stride
  const sum =
    data[above - step] +
    data[above] +
    data[above + step] +
    data[at - step] +
    5 * data[at] +
    data[at + step] +
    data[below - step] +
    data[below] +
    data[below + step]
  // Pillow sums in float32, but its errors never reach a rounding boundary.
  return Math.trunc((2 * sum + 13) / 26)
}

function blendWithLevel(picture: Picture, level: number, factor: number): Picture {
  const alpha = Math.fround(factor)
  return mapLevels(
    picture,
    Uint8Array.from({ length: 256 }, (_, from) => blend(level, from, alpha))
  )
}
