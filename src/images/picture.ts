import { PathError } from '../base/errors.js'
import { isA } from '../base/kinds.js'
import { anObject, shown } from '../base/options.js'

/** A picture that cannot be read or prepared; the message names the file, the step or the option. */
export class ImageError extends PathError {}

/** Size in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

export interface Region extends ImageSize {
  readonly left: number
  readonly top: number
}

/** Eight-bit pixels, interleaved, row by row. Treat them as immutable: steps may share them. */
export interface Picture extends ImageSize {
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3
  /** 0 … 255. Shape: (height, width, channels). */
  readonly data: Uint8Array
}

/** Distinguishes decoded pixels from image sources. */
export function isPicture(source: object): source is Picture {
  return 'data' in source && isA(Uint8Array, source.data) && 'width' in source
}

const PICTURE = anObject<Picture>('a picture, { width, height, channels, data }', 'data')

/** @param owner who was given it, for messages. @throws ImageError when the number of bytes does not match the size. */
export function checkPicture(picture: Picture, owner = 'pixels'): void {
  // Tensors and loaders' batches have data too, but no width.
  if (!PICTURE.accepts(picture) || !('width' in picture)) {
    throw new ImageError(owner, `expected ${PICTURE.expected}, got ${shown(picture)}`)
  }
  const { width, height, channels, data } = picture
  if (channels !== 1 && channels !== 3) {
    throw new ImageError(owner, `expected 1 or 3 channels, got ${shown(channels)}`)
  }
  if (data.length === width * height * channels) return
  throw new ImageError(owner, `expected ${width} × ${height} × ${channels} bytes, got ${data.length}`)
}
