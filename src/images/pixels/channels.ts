import type { Picture } from '../picture.js'

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
