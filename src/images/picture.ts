// What augmentation works on: eight-bit pixels of one or three channels, as Pillow's modes "L" and "RGB".

/** Eight-bit pixels, interleaved, row after row. Treat them as immutable: transforms may share them. */
export interface Picture {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3
  /** 0 … 255. Shape: (height, width, channels). */
  readonly data: Uint8Array
}
