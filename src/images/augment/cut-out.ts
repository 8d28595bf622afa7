// Parts of pictures and borders around them.
import type { Region } from '../resize.js'
import type { Picture } from '../picture.js'

/** Pixels on each side. */
export interface ImageBorders {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The part of a picture inside a region, which lies within it (torchvision: `functional.crop`). */
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

/** Puts borders of one colour around a picture (torchvision: `functional.pad`). `fill` has a level per channel. */
export function pad(picture: Picture, borders: ImageBorders, fill: readonly number[]): Picture {
  const { channels } = picture
  const width = picture.width + borders.left + borders.right
  const height = picture.height + borders.top + borders.bottom
  const data = plain(width * height, fill)
  const stride = picture.width * channels
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * stride, (y + 1) * stride)
    data.set(row, ((borders.top + y) * width + borders.left) * channels)
  }
  return { width, height, channels, data }
}

function plain(pixels: number, fill: readonly number[]): Uint8Array {
  const data = new Uint8Array(pixels * fill.length)
  if (fill.every(level => level === fill[0])) return data.fill(fill[0])
  for (let at = 0; at < data.length; at += fill.length) data.set(fill, at)
  return data
}
