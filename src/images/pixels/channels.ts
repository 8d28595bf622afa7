// Colour to grey, and grey to three equal channels.
import type { Picture } from '../picture.js'

/**
 * One channel of luma (Pillow: `convert('L')`, bit for bit): ITU-R 601-2, in fixed point.
 * Shape: (H, W, 3) → (H, W, 1); a grey picture stays as it is.
 */
export function toGrey(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  if (channels === 1) return picture
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 0x8000) >> 16
  }
  return { width, height, channels: 1, data: grey }
}

/**
 * Three equal channels of a grey picture (Pillow: `convert('RGB')`).
 * Shape: (H, W, 1) → (H, W, 3); a picture in colour stays as it is.
 */
export function toRgb(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  if (channels === 3) return picture
  const rgb = new Uint8Array(3 * data.length)
  for (let from = 0, to = 0; from < data.length; from++, to += 3) {
    rgb[to] = rgb[to + 1] = rgb[to + 2] = data[from]
  }
  return { width, height, channels: 3, data: rgb }
}
