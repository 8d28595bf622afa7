import type { Tensor } from '../tensor/tensor.js'
import { zeros } from '../tensor/tensor.js'
import { ExplainError } from './explain-error.js'
import type { Extent } from './heat.js'

/** A range of rows or columns, `start ≤ i < end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A moving square, in pixels. */
export interface PatchOptions {
  readonly patch: number
  readonly stride: number
}

/** All positions of a patch: every pair of these rows and columns, row by row. */
export interface Patches {
  readonly down: readonly Span[]
  readonly across: readonly Span[]
}

/**
 * The positions of a patch that cover the image; parts beyond the border are cut off.
 * @throws ExplainError when a number is not whole and positive, or the patch is larger than the image.
 */
export function patchesOf({ height, width }: Extent, { patch, stride }: PatchOptions): Patches {
  for (const [name, pixels] of Object.entries({ patch, stride })) {
    if (Number.isSafeInteger(pixels) && pixels >= 1) continue
    throw new ExplainError(`${name}: expected a whole, positive number of pixels, got ${pixels}`)
  }
  if (patch > Math.min(height, width)) {
    throw new ExplainError(`patch: ${patch} pixels are more than the image's ${height} × ${width}`)
  }
  if (stride > patch) {
    throw new ExplainError(`stride: a step of ${stride} pixels leaves gaps between patches of ${patch}`)
  }
  const along = (size: number): Span[] =>
    Array.from({ length: Math.ceil((size - patch) / stride) + 1 }, (_, i) => ({
      start: i * stride,
      end: Math.min(i * stride + patch, size)
    }))
  return { down: along(height), across: along(width) }
}

/** Each pixel's mean over the positions that cover it. Shape: (N, rows, columns) → (N, H, W). */
export function coveredMeans(
  measured: Tensor<'float32'>,
  { down, across }: Patches,
  { height, width }: Extent
): Tensor<'float32'> {
  const means = zeros([measured.shape[0], height, width])
  for (let item = 0, at = 0; item < measured.shape[0]; item++) {
    const sums = means.data.subarray(item * height * width, (item + 1) * height * width)
    const counts = new Uint32Array(sums.length)
    for (const rows of down) {
      for (const columns of across) {
        const value = measured.data[at++]
        for (let y = rows.start; y < rows.end; y++) {
          for (let x = columns.start; x < columns.end; x++) {
            sums[y * width + x] += value
            counts[y * width + x]++
          }
        }
      }
    }
    for (let pixel = 0; pixel < sums.length; pixel++) sums[pixel] /= counts[pixel]
  }
  return means
}
