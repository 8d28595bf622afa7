// The pixels under a sliding window: the loop that convolution and pooling share.
import type { Padding, Pair } from '../ops.js'

/** The geometry of a sliding window. */
export interface Window {
  readonly kernel: readonly number[]
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
}

/** A pixel at row `y` and column `x` under the kernel element (`i`, `j`). */
export interface Place {
  readonly y: number
  readonly x: number
  readonly i: number
  readonly j: number
}

/** The pixels of an image (N, C, H, W) under the window of one output pixel; padding is left out. */
export function windowPlaces(
  [, , height, width]: readonly number[],
  [row, column]: Pair,
  { kernel, stride, padding, dilation }: Window
): Place[] {
  const places: Place[] = []
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const y = row * stride[0] - padding[0] + i * dilation[0]
      const x = column * stride[1] - padding[1] + j * dilation[1]
      if (y >= 0 && y < height && x >= 0 && x < width) places.push({ y, x, i, j })
    }
  }
  return places
}
