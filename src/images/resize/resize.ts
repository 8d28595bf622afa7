// Pillow's antialiased resize in fixed point (Resample.c): the coefficients along an axis (`precompute_coeffs` and
// `normalize_coeffs_8bpc`), and the two passes in strips, through passes.wat.
import { checkPicture, type Picture, type ImageSize, type Region } from '../picture.js'
import { cutOut } from '../pixels/cut-out.js'
import { passesOn, STRIP_BYTES } from '../simd/passes.js'
import { FILTERS, type Resampling } from './filters.js'

const { ceil, max, min, trunc } = Math

/** Fractional bits of Pillow's fixed point. */
export const PRECISION_BITS = 22

/** Coefficients of a run of target pixels. */
export interface ResizeAxis {
  /** Target pixels. */
  readonly length: number
  /** Coefficients per target pixel, zero-padded. */
  readonly taps: number
  /** The source pixel of each target pixel's first coefficient; the last one is in range, too. */
  readonly starts: Int32Array
  /** Coefficients in fixed point. Shape: (length, taps). */
  readonly shares: Int32Array
}

/** Coefficients of a resize from `source` to `target` pixels, for the target pixels `from` up to `to` (excluded). */
export function resizeAxis(
  source: number,
  target: number,
  from = 0,
  to = target,
  resampling: Resampling = 'bilinear'
): ResizeAxis {
  const { reach, weigh } = FILTERS[resampling]
  const scale = source / target
  const widening = max(scale, 1)
  const support = reach * widening
  const inverse = 1 / widening
  const firstOf = (center: number): number => max(0, trunc(center - support + 0.5))
  const endOf = (center: number): number => min(source, trunc(center + support + 0.5))

  const length = to - from
  let taps = 1
  for (let pixel = from; pixel < to; pixel++) {
    const center = (pixel + 0.5) * scale
    taps = max(taps, endOf(center) - firstOf(center))
  }
  const starts = new Int32Array(length)
  const shares = new Int32Array(length * taps)
  const weights = new Float64Array(taps)
  for (let index = 0; index < length; index++) {
    const center = (from + index + 0.5) * scale
    const first = firstOf(center)
    const count = endOf(center) - first
    let sum = 0
    for (let tap = 0; tap < count; tap++) {
      weights[tap] = weigh((tap + first - center + 0.5) * inverse)
      sum += weights[tap]
    }
    // Starts earlier at the end, so that padding taps stay in range.
    starts[index] = min(first, source - taps)
    const at = index * taps + first - starts[index]
    for (let tap = 0; tap < count; tap++) {
      const share = (sum === 0 ? 0 : weights[tap] / sum) * 2 ** PRECISION_BITS
      shares[at + tap] = trunc(share < 0 ? share - 0.5 : share + 0.5)
    }
  }
  return { length, taps, starts, shares }
}

export type Rows = Pick<Picture, 'data' | 'width' | 'channels'>

/** Resizes rows `from` to `to` (excluded) horizontally. Shape: (height, width, channels) → (to − from, axis.length, channels). */
export function resizeRows(
  { data, width, channels }: Rows,
  from: number,
  to: number,
  axis: ResizeAxis,
  target: Uint8Array
): void {
  if (from >= to || axis.length === 0) return
  const rows = data.subarray(from * width * channels, to * width * channels)
  if (channels === 3) resizeRgbRows(rows, width, axis, target)
  else resizeGreyRows(rows, width, axis, target)
}

function resizeRgbRows(
  data: Uint8Array,
  width: number,
  { length, taps, starts, shares }: ResizeAxis,
  target: Uint8Array
): void {
  const stride = width * 3
  const targetStride = length * 3
  const height = data.length / stride
  const step = min(height, ceil(STRIP_BYTES / max(stride, targetStride)))
  const { bytes, words, at, rows } = passesOn(
    starts.byteLength,
    shares.byteLength,
    step * stride,
    step * targetStride
  )
  const [startsAt, sharesAt, sourceAt, targetAt] = at
  for (let x = 0; x < length; x++) words[startsAt / 4 + x] = starts[x] * 3
  words.set(shares, sharesAt / 4)
  for (let row = 0; row < height; row += step) {
    const count = min(step, height - row)
    bytes.set(data.subarray(row * stride, (row + count) * stride), sourceAt)
    rows(sourceAt, stride, count, targetAt, length, taps, startsAt, sharesAt)
    target.set(bytes.subarray(targetAt, targetAt + count * targetStride), row * targetStride)
  }
}

function resizeGreyRows(
  data: Uint8Array,
  width: number,
  { length, taps, starts, shares }: ResizeAxis,
  target: Uint8Array
): void {
  for (let row = 0, out = 0; row < data.length; row += width) {
    for (let x = 0, share = 0; x < length; x++, out++) {
      let sum = 1 << (PRECISION_BITS - 1)
      for (let at = row + starts[x], end = at + taps; at < end; at++) sum += data[at] * shares[share++]
      target[out] = min(255, max(0, sum >> PRECISION_BITS))
    }
  }
}

/** The same vertically, for rows from `from` on. Shape: (height, width, channels) → (axis.length, width, channels). */
export function resizeColumns(
  { data, width, channels }: Rows,
  from: number,
  axis: ResizeAxis,
  target: Uint8Array
): void {
  const { length, taps, starts, shares } = axis
  if (width === 0 || length === 0) return
  const stride = width * channels
  // Strips overlap by the taps' reach, so each is a few times as high.
  const reach = starts[length - 1] + taps - starts[0]
  const most = min(max(ceil(STRIP_BYTES / stride), 3 * taps), reach)
  const { bytes, words, at, columns } = passesOn(
    starts.byteLength,
    shares.byteLength,
    most * stride,
    min(most, length) * stride
  )
  const [startsAt, sharesAt, sourceAt, targetAt] = at
  words.set(shares, sharesAt / 4)
  for (let row = 0, end = 0; row < length; row = end) {
    const first = starts[row]
    while (end < length && end - row < most && starts[end] + taps - first <= most) {
      words[startsAt / 4 + end] = (starts[end] - first) * stride
      end++
    }
    const last = starts[end - 1] + taps
    bytes.set(data.subarray((first - from) * stride, (last - from) * stride), sourceAt)
    columns(sourceAt, stride, targetAt, end - row, taps, startsAt + row * 4, sharesAt + row * taps * 4)
    target.set(bytes.subarray(targetAt, targetAt + (end - row) * stride), row * stride)
  }
}

/** The size with the shorter side `size` pixels; the longer side is truncated. */
export function shorterSideSize({ width, height }: ImageSize, size: number): ImageSize {
  const longer = trunc((size * max(width, height)) / min(width, height))
  return width <= height ? { width: size, height: longer } : { width: longer, height: size }
}

/**
 * Prepares a resize from size `from` to `to` (Pillow: `image.resize((width, height), resampling)`) that computes only
 * `region`. The next call overwrites the returned pixels.
 */
export function resizer(
  from: ImageSize & Pick<Picture, 'channels'>,
  to: ImageSize,
  region: Region = { left: 0, top: 0, ...to },
  resampling?: Resampling
): (picture: Picture) => Picture {
  const { left, top, width, height } = region
  const { channels } = from
  const axis = (source: number, target: number, start: number, length: number): ResizeAxis | undefined =>
    source === target ? undefined : resizeAxis(source, target, start, start + length, resampling)
  const across = axis(from.width, to.width, left, width)
  const down = axis(from.height, to.height, top, height)
  // Only the rows that the vertical pass needs.
  const [first, end] = down ? rowsNeeded(down, from.height) : [top, top + height]
  const wide = across && new Uint8Array(width * (end - first) * channels)
  const whole = down && new Uint8Array(width * height * channels)
  return picture => {
    checkPicture(picture)
    if (across && wide) resizeRows(picture, first, end, across, wide)
    const rows = wide ?? cutOut(picture, { left, top: first, width, height: end - first }).data
    if (down && whole) resizeColumns({ data: rows, width, channels }, first, down, whole)
    return { width, height, channels, data: whole ?? rows }
  }
}

function rowsNeeded({ length, taps, starts }: ResizeAxis, height: number): [first: number, end: number] {
  return length === 0 ? [0, 0] : [starts[0], min(height, starts[length - 1] + taps)]
}
