// Pillow's antialiased bilinear resize, bit for bit, and torchvision's rules for what to resize to.
// Rows first, rounded to bytes, then columns; a pass that changes nothing is left out, as Pillow leaves it out.
import { resizeAxis, type ResizeAxis } from './resize-axis.js'
import { resizeColumns, resizeRows, type Rows } from './resize-passes.js'
import { checkPixels, type RgbImage } from '../rgb-image.js'

/** Pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** A part of an image, in its pixels. */
export interface Region extends ImageSize {
  readonly left: number
  readonly top: number
}

/** A resize of images of one size, with its shares worked out. */
export type Resizer = (image: RgbImage) => RgbImage

/** The size at which the shorter side has `size` pixels; the longer side is cut to whole pixels, not rounded. */
export function shorterSideSize({ width, height }: ImageSize, size: number): ImageSize {
  const longer = Math.trunc((size * Math.max(width, height)) / Math.min(width, height))
  return width <= height ? { width: size, height: longer } : { width: longer, height: size }
}

/**
 * Prepares the resize of images of size `from` to size `to` (Pillow: `image.resize((width, height), Image.BILINEAR)`), of
 * which only `region` is computed. The pixels it gives are written over by its next call.
 */
export function resizer(
  from: ImageSize,
  to: ImageSize,
  region: Region = { left: 0, top: 0, ...to }
): Resizer {
  const { left, top, width, height } = region
  const across = from.width === to.width ? undefined : resizeAxis(from.width, to.width, left, left + width)
  const down = from.height === to.height ? undefined : resizeAxis(from.height, to.height, top, top + height)
  // The columns' pass needs no other rows than these.
  const [first, end] = down ? rowsNeeded(down, from.height) : [top, top + height]
  const wide = across && new Uint8Array(width * (end - first) * 3)
  const whole = down && new Uint8Array(width * height * 3)
  return image => {
    checkPixels(image)
    if (across && wide) resizeRows(image, first, end, across, wide)
    const rows = wide ? { data: wide, width } : cut(image, left, width, first, end)
    if (down && whole) resizeColumns(rows, first, down, whole)
    return { width, height, data: whole ?? rows.data }
  }
}

function rowsNeeded({ length, taps, starts }: ResizeAxis, height: number): [first: number, end: number] {
  return length === 0 ? [0, 0] : [starts[0], Math.min(height, starts[length - 1] + taps)]
}

/** The pixels `left` up to `left + width` of some rows, shared where they are whole. */
export function cut(image: Rows, left: number, width: number, first: number, end: number): Rows {
  const stride = image.width * 3
  if (width === image.width) return { data: image.data.subarray(first * stride, end * stride), width }
  const data = new Uint8Array((end - first) * width * 3)
  for (let row = first, out = 0; row < end; row++, out += width * 3) {
    const at = row * stride + left * 3
    data.set(image.data.subarray(at, at + width * 3), out)
  }
  return { data, width }
}
