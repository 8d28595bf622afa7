// Heat maps: negative values clipped, scaled to a maximum of 1, enlarged to the image.
import type { ImageSize } from '../images/picture.js'
import { zeros, type FloatTensor } from '../tensor/tensor.js'
import { everyItem, itemAt } from './items.js'

const { floor, max, min } = Math

/** Clips negatives, scales each map to a maximum of 1 (or all 0) and enlarges it. Shape: (N, h, w) → (N, H, W). */
export function heatOf(maps: FloatTensor, extent: ImageSize): FloatTensor {
  const relative = zeros(maps.shape)
  for (const [item, { data }] of everyItem(maps).entries()) {
    const most = data.reduce((largest, each) => max(largest, each), 0)
    if (most > 0) itemAt(relative, item).data.set(data.map(each => max(each, 0) / most))
  }
  return enlarged(relative, extent)
}

/** Bilinear enlargement. Shape: (N, h, w) → (N, H, W). */
export function enlarged(maps: FloatTensor, { height, width }: ImageSize): FloatTensor {
  const [count, rows, columns] = maps.shape
  const larger = zeros([count, height, width])
  const [down, across] = [interpolation(rows, height), interpolation(columns, width)]
  const row = new Float64Array(columns)
  for (const [item, { data: map }] of everyItem(maps).entries()) {
    const target = itemAt(larger, item).data
    for (const [y, { before, after, share }] of down.entries()) {
      const [above, below] = [before * columns, after * columns]
      for (let x = 0; x < columns; x++) row[x] = between(map[above + x], map[below + x], share)
      for (const [x, at] of across.entries()) {
        target[y * width + x] = between(row[at.before], row[at.after], at.share)
      }
    }
  }
  return larger
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share
}

/** Where a heat map is largest, in pixels from the left and the top; ties go to the first. */
export function peakOf(heat: FloatTensor, item = 0): { readonly x: number; readonly y: number } {
  const { data, shape } = itemAt(heat, item)
  const [, width] = shape
  const at = data.reduce((best, each, place) => (each > data[best] ? place : best), 0)
  return { x: at % width, y: floor(at / width) }
}

/** The two samples around a pixel. */
export interface Interpolation {
  readonly before: number
  readonly after: number
  /** The weight of `after`; `before` has the rest. */
  readonly share: number
}

/**
 * Interpolation of samples to pixels (torch: `F.interpolate(mode='bilinear')`, one axis).
 * @param alignCorners whether corner samples lie on the image's corners (torch: `align_corners`).
 */
export function interpolation(from: number, to: number, alignCorners = false): Interpolation[] {
  return Array.from({ length: to }, (_, i) => {
    const corner = to === 1 ? 0 : (i * (from - 1)) / (to - 1)
    const place = alignCorners ? corner : max(0, ((i + 0.5) * from) / to - 0.5)
    const before = min(floor(place), from - 1)
    return { before, after: min(before + 1, from - 1), share: place - before }
  })
}
