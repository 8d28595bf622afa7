// The coefficients of Pillow's antialiased bilinear resize along one axis (Resample.c: `precompute_coeffs` and
// `normalize_coeffs_8bpc`).

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
export function resizeAxis(source: number, target: number, from = 0, to = target): ResizeAxis {
  const scale = source / target
  const support = Math.max(scale, 1)
  const inverse = 1 / support
  const firstOf = (center: number): number => Math.max(0, Math.trunc(center - support + 0.5))
  const endOf = (center: number): number => Math.min(source, Math.trunc(center + support + 0.5))

  const length = to - from
  let taps = 1
  for (let pixel = from; pixel < to; pixel++) {
    const center = (pixel + 0.5) * scale
    taps = Math.max(taps, endOf(center) - firstOf(center))
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
      weights[tap] = Math.max(0, 1 - Math.abs((tap + first - center + 0.5) * inverse))
      sum += weights[tap]
    }
    // Starts earlier at the end, so that padding taps stay in range.
    starts[index] = Math.min(first, source - taps)
    const at = index * taps + first - starts[index]
    for (let tap = 0; tap < count; tap++) {
      shares[at + tap] = Math.trunc((weights[tap] / sum) * 2 ** PRECISION_BITS + 0.5)
    }
  }
  return { length, taps, starts, shares }
}
