import type { ImageSize, Picture, Region } from '../picture.js'
import { roundHalfEven } from '../random/draws.js'

/** Border widths in pixels. */
export interface ImageBorders extends Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>> {}

/** Crops to a region inside the picture (torchvision: `functional.crop`). */
export function cutOut(picture: Picture, { left, top, width, height }: Region): Picture {
  const { channels, data } = picture
  const stride = picture.width * channels
  if (width === picture.width) {
    return { width, height, channels, data: data.subarray(top * stride, (top + height) * stride) }
  }
  const part = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    const at = (top + y) * stride + left * channels
    part.set(data.subarray(at, at + width * channels), y * width * channels)
  }
  return { width, height, channels, data: part }
}

/**
 * Pads a picture (torchvision: `functional.pad`).
 * @param fill a level for all channels, or one for each.
 */
export function pad(picture: Picture, borders: ImageBorders, fill: readonly number[]): Picture {
  const { channels } = picture
  const { left, top, right, bottom } = borders
  if (left === 0 && top === 0 && right === 0 && bottom === 0) return picture
  const width = picture.width + left + right
  const height = picture.height + top + bottom
  const data = new Uint8Array(width * height * channels).fill(fill[0])
  if (fill.length > 1) for (let at = 0; at < data.length; at += channels) data.set(fill, at)
  const stride = picture.width * channels
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * stride, (y + 1) * stride)
    data.set(row, ((top + y) * width + left) * channels)
  }
  return { width, height, channels, data }
}

/** The region of a centre crop, and the padding where the picture is smaller (torchvision: `functional.center_crop`). */
export function centerRegion(
  from: ImageSize,
  crop: ImageSize
): { readonly region: Region; readonly borders: ImageBorders } {
  const across = centerSpan(from.width, crop.width)
  const down = centerSpan(from.height, crop.height)
  return {
    region: { left: across.start, top: down.start, width: across.length, height: down.length },
    borders: { left: across.before, top: down.before, right: across.after, bottom: down.after }
  }
}

function centerSpan(size: number, crop: number) {
  const missing = Math.max(0, crop - size)
  const before = Math.floor(missing / 2)
  const start = missing > 0 ? 0 : roundHalfEven((size - crop) / 2)
  return { start, length: crop - missing, before, after: missing - before }
}
