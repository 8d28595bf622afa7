// How many pixels an image may have.
import { Fault } from '../../base/errors.js'
import type { ImageSize } from '../picture.js'

/** Pillow's limit for decompression bombs. */
export const MAX_PIXELS = 178_956_970
// Each row costs a decoder as much as thousands of its pixels: a picture of one column would take seconds.
const LONGEST_SIDE = 2 ** 20
// What a few bytes may become: no real picture is so large and so plain.
const PLAIN_PIXELS = 2 ** 25
const PIXELS_PER_BYTE = 1024

/** @throws Fault for a longer side or more pixels than allowed. */
export function checkSize({ width, height }: ImageSize, maxPixels: number): void {
  const side = Math.max(width, height)
  if (side > LONGEST_SIDE)
    throw new Fault(`has a side of ${side} pixels, more than the ${LONGEST_SIDE} allowed`)
  if (width * height <= maxPixels) return
  throw new Fault(`has ${width} × ${height} pixels, more than the ${maxPixels} allowed by maxPixels`)
}

/** @throws Fault for more pixels than so many bytes of a real picture hold. */
export function checkPlausible({ width, height }: ImageSize, bytes: number): void {
  if (width * height <= PLAIN_PIXELS + PIXELS_PER_BYTE * bytes) return
  throw new Fault(
    `has ${width} × ${height} pixels in ${bytes} bytes, as no real picture has; give maxPixels if you trust the file`
  )
}
