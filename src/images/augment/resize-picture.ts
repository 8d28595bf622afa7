// Resizing by the rules of torchvision, pixels by Pillow's: RGB by the resizer of photographs, grey by one of its own.
import { resizeAxis, PRECISION_BITS, type ResizeAxis } from '../resize-axis.js'
import { resizer, shorterSideSize, type ImageSize } from '../resize.js'
import type { Picture } from '../picture.js'
import { sidesOf, type PixelSize } from './check.js'

/** What `resizeShorter` and `resize` make. */
export interface Resize {
  readonly name: 'resize'
  /** Of the shorter side, or of both. Pixels. */
  readonly size: number | ImageSize
}

/**
 * The shorter side to a size, the longer in proportion (torchvision: `Resize(size)`, bilinear).
 * @throws ImageError when the size is not a whole, positive number.
 */
export function resizeShorter(size: number): Resize {
  sidesOf('resizeShorter', size)
  return { name: 'resize', size }
}

/**
 * Both sides to a size (torchvision: `Resize((height, width))`, bilinear).
 * @throws ImageError when a side is not a whole, positive number.
 */
export function resize(size: PixelSize): Resize {
  return { name: 'resize', size: sidesOf('resizeTo', size) }
}

/** Does what a `Resize` says. */
export function applyResize(picture: Picture, { size }: Resize): Picture {
  return resizePicture(picture, typeof size === 'number' ? shorterSideSize(picture, size) : size)
}

/** Resizes a picture of either kind (Pillow: `image.resize((width, height), Image.BILINEAR)`). */
export function resizePicture(picture: Picture, to: ImageSize): Picture {
  const { width, height } = to
  if (width === picture.width && height === picture.height) return picture
  if (picture.channels === 3) return { ...resizer(picture, to)(picture), channels: 3 }
  const rows = width === picture.width ? picture : greyRows(picture, resizeAxis(picture.width, width))
  return height === rows.height ? rows : greyColumns(rows, resizeAxis(rows.height, height))
}

const HALF = 1 << (PRECISION_BITS - 1)

function greyRows(picture: Picture, { length, taps, starts, shares }: ResizeAxis): Picture {
  const { width, height, data } = picture
  const clamped = new Uint8ClampedArray(length * height)
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < length; x++, out++) {
      const at = y * width + starts[x]
      let sum = HALF
      for (let tap = 0; tap < taps; tap++) sum += Math.imul(data[at + tap], shares[x * taps + tap])
      clamped[out] = sum >> PRECISION_BITS
    }
  }
  return grey(length, height, clamped)
}

function greyColumns(picture: Picture, { length, taps, starts, shares }: ResizeAxis): Picture {
  const { width, data } = picture
  const clamped = new Uint8ClampedArray(width * length)
  for (let y = 0, out = 0; y < length; y++) {
    for (let x = 0; x < width; x++, out++) {
      let sum = HALF
      for (let tap = 0, at = starts[y] * width + x; tap < taps; tap++, at += width) {
        sum += Math.imul(data[at], shares[y * taps + tap])
      }
      clamped[out] = sum >> PRECISION_BITS
    }
  }
  return grey(width, length, clamped)
}

function grey(width: number, height: number, clamped: Uint8ClampedArray): Picture {
  return { width, height, channels: 1, data: new Uint8Array(clamped.buffer) }
}
