// Colours to grey.
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
