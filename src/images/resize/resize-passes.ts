// The two passes of the resize in Pillow's fixed point, in strips, through passes.wat.
import type { Picture } from '../picture.js'
import { passesOn, STRIP_BYTES } from '../simd/passes.js'
import { PRECISION_BITS, type ResizeAxis } from './resize-axis.js'

/** Rows of interleaved pixels. */
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
  const step = Math.min(height, Math.ceil(STRIP_BYTES / Math.max(stride, targetStride)))
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
    const count = Math.min(step, height - row)
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
      target[out] = Math.min(255, Math.max(0, sum >> PRECISION_BITS))
    }
  }
}

/**
 * Resizes vertically; the first row of `source` is row `from` of the axis.
 * Shape: (height, width, channels) → (axis.length, width, channels).
 */
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
  const most = Math.min(Math.max(Math.ceil(STRIP_BYTES / stride), 3 * taps), reach)
  const { bytes, words, at, columns } = passesOn(
    starts.byteLength,
    shares.byteLength,
    most * stride,
    Math.min(most, length) * stride
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
