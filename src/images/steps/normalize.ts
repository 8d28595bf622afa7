// Bytes to the floats a network was trained on: scaled to 0 … 1, then normalised by channel.
import { Tensor } from '../../tensor/tensor.js'
import { ImageError } from '../image-error.js'
import { passesOn, STRIP_BYTES } from '../simd/passes.js'
import type { RgbImage } from '../rgb-image.js'

/** A number for each of red, green and blue. */
export type PerChannel = readonly [red: number, green: number, blue: number]

/** Statistics of a data set, in 0 … 1. */
export interface Normalization {
  readonly mean: PerChannel
  /** Standard deviations. */
  readonly std: PerChannel
}

/**
 * Statistics that can be normalised by.
 * @throws ImageError when a deviation is zero or a number is not finite.
 */
export function normalization(mean: PerChannel, std: PerChannel): Normalization {
  if (![...mean, ...std].every(Number.isFinite) || std.includes(0)) {
    throw new ImageError(
      'normalise',
      `means are finite and deviations are not zero, got mean ${mean.join(', ')} and std ${std.join(', ')}`
    )
  }
  return { mean, std }
}

/** `(byte / 255 − mean) / std` of every byte, each step rounded to float32 as torch rounds it. */
export function normalizedLevels(mean: number, std: number): Float32Array {
  const { fround } = Math
  return Float32Array.from({ length: 256 }, (_, byte) =>
    fround(fround(fround(byte / 255) - fround(mean)) / fround(std))
  )
}

/**
 * Lays an image out in planes of floats (torchvision: `pil_to_tensor`, `convert_image_dtype`, `normalize`).
 *
 * Shape: (H, W, 3) → (3, H, W).
 * @throws ImageError when there are not three bytes for each pixel.
 */
export function normalize({ width, height, data }: RgbImage, by: Normalization): Tensor<'float32'> {
  const floats = new Float32Array(3 * width * height)
  normalizeInto(floats, data, by)
  return new Tensor(floats, [3, height, width], 'float32')
}

// A source and a float for each of its bytes fill about a strip and a half.
const STRIP_PIXELS = STRIP_BYTES >> 2

/**
 * Writes interleaved RGB as planes of floats.
 * @throws ImageError when there is not one byte for each float.
 */
export function normalizeInto(floats: Float32Array, data: Uint8Array, { mean, std }: Normalization): void {
  if (data.length !== floats.length)
    throw new ImageError('pixels', `expected ${floats.length} bytes, got ${data.length}`)
  const pixels = floats.length / 3
  const most = Math.min(pixels, STRIP_PIXELS)
  const { bytes, floats: made, at, plane } = passesOn(most * 3, most * 4)
  const [sourceAt, targetAt] = at
  for (let pixel = 0; pixel < pixels; pixel += most) {
    const count = Math.min(most, pixels - pixel)
    bytes.set(data.subarray(pixel * 3, (pixel + count) * 3), sourceAt)
    for (let channel = 0; channel < 3; channel++) {
      const from = sourceAt + channel
      plane(from, from + count * 3, targetAt, mean[channel], std[channel])
      floats.set(made.subarray(targetAt / 4, targetAt / 4 + count), channel * pixels + pixel)
    }
  }
}
