// The two passes of the resize, in Pillow's fixed point. Here an image's time goes: three taps, all that is needed
// down to two thirds of the size, have loops of their own, and stores clamp as Pillow does, for nothing.
import { PRECISION_BITS, type ResizeAxis } from './resize-axis.js'

const HALF = 1 << (PRECISION_BITS - 1)

/** Rows of interleaved RGB. */
export interface Rows {
  /** Shape: (height, width, 3). */
  readonly data: Uint8Array
  /** Pixels. */
  readonly width: number
}

/**
 * Resizes rows `from` up to `to` (excluded) along their length.
 *
 * Shape: (height, width, 3) → (to − from, axis.length, 3).
 */
export function resizeRows(
  source: Rows,
  from: number,
  to: number,
  axis: ResizeAxis,
  target: Uint8ClampedArray
): void {
  const roomy = withRoom(source, (to - 1) * source.width + endOf(axis))
  if (axis.taps === 3) rowsOfThreeTaps(roomy, from, to, axis, target)
  else rowsOfMoreTaps(roomy, from, to, axis, target)
}

/**
 * Resizes columns along their height; the first row of `source` is row `from` of the axis.
 *
 * Shape: (height, width, 3) → (axis.length, width, 3).
 */
export function resizeColumns(source: Rows, from: number, axis: ResizeAxis, target: Uint8ClampedArray): void {
  const roomy = withRoom(source, (endOf(axis) - from) * source.width)
  if (axis.taps === 3) columnsOfThreeTaps(roomy, from, axis, target)
  else columnsOfMoreTaps(roomy, from, axis, target)
}

/**
 * A source of one or two pixels has no third for the third tap, whose share is zero. It is given some, because to
 * read outside an array once slows these loops for the rest of the process.
 */
function withRoom(source: Rows, pixels: number): Rows {
  if (source.data.length >= pixels * 3) return source
  const data = new Uint8Array(pixels * 3)
  data.set(source.data)
  return { data, width: source.width }
}

/** One past the last source pixel that any tap reads. */
function endOf({ length, taps, starts }: ResizeAxis): number {
  return length === 0 ? 0 : starts[length - 1] + taps
}

function rowsOfThreeTaps(
  { data, width }: Rows,
  from: number,
  to: number,
  { length, starts, shares }: ResizeAxis,
  target: Uint8ClampedArray
): void {
  for (let row = from, out = 0; row < to; row++) {
    const base = row * width * 3
    for (let x = 0, share = 0; x < length; x++, share += 3, out += 3) {
      const k0 = shares[share]
      const k1 = shares[share + 1]
      const k2 = shares[share + 2]
      const at = base + starts[x] * 3
      const red = Math.imul(data[at], k0) + Math.imul(data[at + 3], k1) + Math.imul(data[at + 6], k2)
      const green = Math.imul(data[at + 1], k0) + Math.imul(data[at + 4], k1) + Math.imul(data[at + 7], k2)
      const blue = Math.imul(data[at + 2], k0) + Math.imul(data[at + 5], k1) + Math.imul(data[at + 8], k2)
      target[out] = (HALF + red) >> PRECISION_BITS
      target[out + 1] = (HALF + green) >> PRECISION_BITS
      target[out + 2] = (HALF + blue) >> PRECISION_BITS
    }
  }
}

function rowsOfMoreTaps(
  { data, width }: Rows,
  from: number,
  to: number,
  { length, taps, starts, shares }: ResizeAxis,
  target: Uint8ClampedArray
): void {
  for (let row = from, out = 0; row < to; row++) {
    const base = row * width * 3
    for (let x = 0, share = 0; x < length; x++, out += 3) {
      const k0 = shares[share]
      const k1 = shares[share + 1]
      const k2 = shares[share + 2]
      let at = base + starts[x] * 3
      let red = HALF + Math.imul(data[at], k0) + Math.imul(data[at + 3], k1) + Math.imul(data[at + 6], k2)
      let green =
        HALF + Math.imul(data[at + 1], k0) + Math.imul(data[at + 4], k1) + Math.imul(data[at + 7], k2)
      let blue =
        HALF + Math.imul(data[at + 2], k0) + Math.imul(data[at + 5], k1) + Math.imul(data[at + 8], k2)
      const end = share + taps
      for (share += 3, at += 9; share < end; share++, at += 3) {
        const k = shares[share]
        red = (red + Math.imul(data[at], k)) | 0
        green = (green + Math.imul(data[at + 1], k)) | 0
        blue = (blue + Math.imul(data[at + 2], k)) | 0
      }
      target[out] = red >> PRECISION_BITS
      target[out + 1] = green >> PRECISION_BITS
      target[out + 2] = blue >> PRECISION_BITS
    }
  }
}

function columnsOfThreeTaps(
  { data, width }: Rows,
  from: number,
  { length, starts, shares }: ResizeAxis,
  target: Uint8ClampedArray
): void {
  const stride = width * 3
  for (let y = 0, out = 0; y < length; y++) {
    const k0 = shares[y * 3]
    const k1 = shares[y * 3 + 1]
    const k2 = shares[y * 3 + 2]
    let first = (starts[y] - from) * stride
    let second = first + stride
    let third = second + stride
    for (const end = second; first < end; first++, second++, third++, out++) {
      const sum = Math.imul(data[first], k0) + Math.imul(data[second], k1) + Math.imul(data[third], k2)
      target[out] = (HALF + sum) >> PRECISION_BITS
    }
  }
}

/** Three rows at a time are added to a row of sums. */
function columnsOfMoreTaps(
  { data, width }: Rows,
  from: number,
  { length, taps, starts, shares }: ResizeAxis,
  target: Uint8ClampedArray
): void {
  const stride = width * 3
  const sums = new Int32Array(stride)
  for (let y = 0, out = 0; y < length; y++) {
    const share = y * taps
    const base = (starts[y] - from) * stride
    sums.fill(HALF)
    let tap = 0
    for (; tap + 2 < taps; tap += 3) {
      const k0 = shares[share + tap]
      const k1 = shares[share + tap + 1]
      const k2 = shares[share + tap + 2]
      let first = base + tap * stride
      let second = first + stride
      let third = second + stride
      for (let x = 0; x < stride; x++, first++, second++, third++) {
        sums[x] += Math.imul(data[first], k0) + Math.imul(data[second], k1) + Math.imul(data[third], k2)
      }
    }
    for (; tap < taps; tap++) {
      const k = shares[share + tap]
      let at = base + tap * stride
      for (let x = 0; x < stride; x++, at++) sums[x] += Math.imul(data[at], k)
    }
    for (let x = 0; x < stride; x++, out++) target[out] = sums[x] >> PRECISION_BITS
  }
}
