// What every image is once it is read: eight-bit RGB, as Pillow's mode "RGB".
import { ImageError } from './image-error.js'

/** Pixels in memory. Treat them as immutable: cropping and resizing may share them. */
export interface RgbImage {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** Red, green and blue, 0 … 255, interleaved, row after row. Shape: (height, width, 3). */
  readonly data: Uint8Array
}

/** Whether something is pixels of this kind, and not an image still to be read. */
export function isRgbImage(source: object): source is RgbImage {
  return 'data' in source && source.data instanceof Uint8Array && 'width' in source
}

/** @throws ImageError when there are more or fewer bytes than pixels of three channels have. */
export function checkPixels({ width, height, data }: RgbImage): void {
  if (data.length === 3 * width * height) return
  throw new ImageError('pixels', `expected ${width} × ${height} × 3 bytes, got ${data.length}`)
}
