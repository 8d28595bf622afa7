// Bytes to the floats a network was trained on: scaled to 0 … 1, then normalised by channel.
import { Tensor } from '../tensor/tensor.js'
import { ImageError } from './image-error.js'
import type { RgbImage } from './rgb-image.js'

/** A number for each of red, green and blue. */
export type PerChannel = readonly [red: number, green: number, blue: number]

/** The three floats that each byte may become, by channel. Shape: (3, 256). */
export type NormalizeTable = Float32Array

/**
 * Works out `(byte / 255 − mean) / std` for every byte, each step rounded to float32 as torch rounds it.
 * @throws ImageError when a deviation is zero or a number is not finite.
 */
export function normalizeTable(mean: PerChannel, std: PerChannel): NormalizeTable {
  if (![...mean, ...std].every(Number.isFinite) || std.includes(0)) {
    throw new ImageError(
      'normalise',
      `means are finite and deviations are not zero, got mean ${mean.join(', ')} and std ${std.join(', ')}`
    )
  }
  const { fround } = Math
  return Float32Array.from({ length: 3 * 256 }, (_, index) => {
    const channel = index >> 8
    return fround(fround(fround((index & 255) / 255) - fround(mean[channel])) / fround(std[channel]))
  })
}

/**
 * Lays an image out in planes of floats (torchvision: `pil_to_tensor`, `convert_image_dtype`, `normalize`).
 *
 * Shape: (H, W, 3) → (3, H, W).
 */
export function normalize({ width, height, data }: RgbImage, table: NormalizeTable): Tensor<'float32'> {
  const plane = width * height
  const floats = new Float32Array(3 * plane)
  for (let red = 0, green = plane, blue = 2 * plane, at = 0; red < plane; red++, green++, blue++, at += 3) {
    floats[red] = table[data[at]]
    floats[green] = table[256 + data[at + 1]]
    floats[blue] = table[512 + data[at + 2]]
  }
  return new Tensor(floats, [3, height, width], 'float32')
}
