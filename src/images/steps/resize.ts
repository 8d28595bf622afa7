import { oneOf } from '../../base/options.js'
import { checkedBy, list, record } from '../../base/schema.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { resizer, shorterSideSize } from '../resize/resize.js'
import { asImageError, imageSize, makeStep, side } from './options.js'

/** A step made by `resizeShorter` or `resize`. */
export interface Resize {
  readonly name: 'resize'
  /** Of the shorter side, or of both, in pixels. */
  readonly size: number | ImageSize
}

export const readResize = record<Resize>({
  name: checkedBy(oneOf('resize')),
  size: (value, path) => (typeof value === 'object' ? imageSize(value, path) : side(value, path))
})

/** A limit for very long pictures, whose shorter side is resized. */
const MOST_PIXELS = 178_956_970

/**
 * Resizes the shorter side and keeps the aspect ratio (torchvision: `Resize(size)`, bilinear).
 * @throws ImageError when the size is not a whole number of pixels from 1 to 4096.
 */
export function resizeShorter(size: number): Resize {
  return makeStep(readResize, 'resizeShorter', { name: 'resize', size })
}

/**
 * Resizes both sides (torchvision: `Resize((height, width))`, bilinear).
 *
 * PyTorch difference: `Resize(size)` with one number is `resizeShorter(size)`.
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096.
 */
export function resize(size: readonly [height: number, width: number]): Resize {
  const [height, width] = asImageError(() => list(side, 2)(size, 'resize.size'))
  return { name: 'resize', size: { width, height } }
}

/** A picture's size after a `Resize`. */
export function resizedSize(from: ImageSize, { size }: Resize): ImageSize {
  return typeof size === 'number' ? shorterSideSize(from, size) : size
}

/** Applies a `Resize`. @throws ImageError when the result would be too large. */
export function applyResize(picture: Picture, resize: Resize): Picture {
  const to = resizedSize(picture, resize)
  if (to.width * to.height <= MOST_PIXELS) return resized(picture, to)
  throw new ImageError(
    'resize',
    `${picture.width} × ${picture.height} pixels would become ${to.width} × ${to.height}, more than ${MOST_PIXELS}`
  )
}

/** Resizes a picture (Pillow: `image.resize((width, height), Image.BILINEAR)`). */
export function resized(picture: Picture, to: ImageSize): Picture {
  const isAsItWas = to.width === picture.width && to.height === picture.height
  return isAsItWas ? picture : resizer(picture, to)(picture)
}
