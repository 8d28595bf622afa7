// Pillow's antialiased bilinear resize, bit for bit: rows, rounded to bytes, then columns; passes without effect are skipped.
import { checkPicture, type ImageSize, type Picture, type Region } from '../picture.js'
import { cutOut } from '../pixels/cut-out.js'
import { resizeAxis, resizeColumns, resizeRows, type ResizeAxis } from './resize-passes.js'

/** A prepared resize for one size and number of channels. */
export type Resizer = (picture: Picture) => Picture

/** The size with the shorter side `size` pixels; the longer side is truncated. */
export function shorterSideSize({ width, height }: ImageSize, size: number): ImageSize {
  const longer = Math.trunc((size * Math.max(width, height)) / Math.min(width, height))
  return width <= height ? { width: size, height: longer } : { width: longer, height: size }
}

/**
 * Prepares a resize from size `from` to `to` (Pillow: `image.resize((width, height), Image.BILINEAR)`) that computes only
 * `region`. The next call overwrites the returned pixels.
 */
export function resizer(
  from: ImageSize & Pick<Picture, 'channels'>,
  to: ImageSize,
  region: Region = { left: 0, top: 0, ...to }
): Resizer {
  const { left, top, width, height } = region
  const { channels } = from
  const across = from.width === to.width ? undefined : resizeAxis(from.width, to.width, left, left + width)
  const down = from.height === to.height ? undefined : resizeAxis(from.height, to.height, top, top + height)
  // Only the rows that the vertical pass needs.
  const [first, end] = down ? rowsNeeded(down, from.height) : [top, top + height]
  const wide = across && new Uint8Array(width * (end - first) * channels)
  const whole = down && new Uint8Array(width * height * channels)
  return picture => {
    checkPicture(picture)
    if (across && wide) resizeRows(picture, first, end, across, wide)
    const rows = wide ?? cutOut(picture, { left, top: first, width, height: end - first }).data
    if (down && whole) resizeColumns({ data: rows, width, channels }, first, down, whole)
    return { width, height, channels, data: whole ?? rows }
  }
}

function rowsNeeded({ length, taps, starts }: ResizeAxis, height: number): [first: number, end: number] {
  return length === 0 ? [0, 0] : [starts[0], Math.min(height, starts[length - 1] + taps)]
}
