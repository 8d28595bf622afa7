// What every image is once it is read: eight-bit RGB, as Pillow's mode "RGB".

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
