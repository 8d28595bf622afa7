// Heat maps: negative values clipped, scaled to a maximum of 1, enlarged to the image.
import { sizeOf, Tensor, zeros } from '../tensor/tensor.js'
import { interpolation, type Interpolation } from './interpolate.js'

/** Height and width in pixels. */
export interface Extent {
  readonly height: number
  readonly width: number
}

/** Clips negatives, scales each map to a maximum of 1 (or all 0) and enlarges it. Shape: (N, h, w) → (N, H, W). */
export function heatOf(maps: Tensor<'float32'>, extent: Extent): Tensor<'float32'> {
  const size = sizeOf(maps.shape.slice(1))
  const relative = zeros(maps.shape)
  for (let start = 0; start < maps.size; start += size) {
    const map = maps.data.subarray(start, start + size)
    const most = map.reduce((largest, each) => Math.max(largest, each), 0)
    if (most > 0)
      relative.data.set(
        map.map(each => Math.max(each, 0) / most),
        start
      )
  }
  return enlarged(relative, extent)
}

/** Bilinear enlargement. Shape: (N, h, w) → (N, H, W). */
export function enlarged(maps: Tensor<'float32'>, { height, width }: Extent): Tensor<'float32'> {
  const [count, rows, columns] = maps.shape
  const larger = zeros([count, height, width])
  const [down, across] = [interpolation(rows, height), interpolation(columns, width)]
  for (let item = 0; item < count; item++) {
    const map = maps.data.subarray(item * rows * columns, (item + 1) * rows * columns)
    enlargeInto(larger.data.subarray(item * height * width), map, down, across, columns)
  }
  return larger
}

function enlargeInto(
  target: Float32Array,
  map: Float32Array,
  down: Interpolation,
  across: Interpolation,
  columns: number
): void {
  const width = across.share.length
  const row = new Float64Array(columns)
  for (let y = 0; y < down.share.length; y++) {
    const [above, below] = [down.before[y] * columns, down.after[y] * columns]
    for (let x = 0; x < columns; x++) row[x] = between(map[above + x], map[below + x], down.share[y])
    for (let x = 0; x < width; x++) {
      target[y * width + x] = between(row[across.before[x]], row[across.after[x]], across.share[x])
    }
  }
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share
}

/** Where a heat map is largest, in pixels from the left and the top; ties go to the first. */
export function peakOf(
  { data, shape }: Tensor<'float32'>,
  item = 0
): { readonly x: number; readonly y: number } {
  const [, ...sides] = shape
  const size = sizeOf(sides)
  const plane = data.subarray(item * size, (item + 1) * size)
  const at = plane.reduce((best, each, place) => (each > plane[best] ? place : best), 0)
  return { x: at % sides[1], y: Math.floor(at / sides[1]) }
}

/** One image's heat map. Shape: (N, H, W) → (H, W). */
export function heatAt({ data, shape }: Tensor<'float32'>, item: number): Tensor<'float32'> {
  const [, ...sides] = shape
  const size = sizeOf(sides)
  return new Tensor(data.slice(item * size, (item + 1) * size), sides, 'float32')
}
