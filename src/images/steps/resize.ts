// Resizing by the rules of torchvision, pixels by Pillow's.
import { oneOf, record } from '../../base/schema.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { resizer, shorterSideSize } from '../resize/resize.js'
import { checked, imageSize, side, sidesOf, type Size } from './options.js'

/** What `resizeShorter` and `resizeTo` make. */
export interface Resize {
  readonly name: 'resize'
  /** Of the shorter side, or of both. Pixels. */
  readonly size: number | ImageSize
}

export const readResize = record<Resize>({
  name: oneOf('resize'),
  size: (value, path) => (typeof value === 'object' ? imageSize(value, path) : side(value, path))
})

/** More than any picture needs; of a very long one, the shorter side alone would ask for it. */
const MOST_PIXELS = 178_956_970

/**
 * The shorter side to a size, the longer in proportion (torchvision: `Resize(size)`, bilinear).
 * @throws ImageError when the size is not a whole number of pixels from 1 to 4096.
 */
export function resizeShorter(size: number): Resize {
  return checked(readResize, 'resizeShorter', { name: 'resize', size })
}

/**
 * Both sides to a size (torchvision: `Resize((height, width))`, bilinear).
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096.
 */
export function resizeTo(size: Size): Resize {
  return checked(readResize, 'resizeTo', { name: 'resize', size: sidesOf(size) })
}

/** The size that a `Resize` gives a picture. */
export function resizedSize(from: ImageSize, { size }: Resize): ImageSize {
  return typeof size === 'number' ? shorterSideSize(from, size) : size
}

/**
 * Does what a `Resize` says.
 * @throws ImageError when the picture would be too large.
 */
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
