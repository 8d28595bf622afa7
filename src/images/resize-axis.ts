// One axis of Pillow's antialiased bilinear resize: which source pixels make a target pixel, and in what shares
// (Pillow: `precompute_coeffs` and `normalize_coeffs_8bpc` in Resample.c).

/** Pillow's fixed point: a share of 1 is 2²². */
export const PRECISION_BITS = 22

/** The shares of a run of target pixels. */
export interface ResizeAxis {
  /** Target pixels. */
  readonly length: number
  /** Shares kept for each target pixel; those it does not need are zero. */
  readonly taps: number
  /** The first source pixel of each target pixel; all its taps lie inside the source. */
  readonly starts: Int32Array
  /** Shares in fixed point. Shape: (length, taps). */
  readonly shares: Int32Array
}

/** The axis of a resize from `source` to `target` pixels, for the target pixels `from` up to `to` (excluded). */
export function resizeAxis(source: number, target: number, from = 0, to = target): ResizeAxis {
  const scale = source / target
  const filterScale = Math.max(scale, 1)
  const inverse = 1 / filterScale
  const taps = Math.min(Math.ceil(filterScale) * 2 + 1, source)
  const length = to - from
  const starts = new Int32Array(length)
  const shares = new Int32Array(length * taps)
  const weights = new Float64Array(taps)
  let widest = 1
  for (let index = 0; index < length; index++) {
    const center = (from + index + 0.5) * scale
    const first = Math.max(0, Math.trunc(center - filterScale + 0.5))
    const count = Math.min(source, Math.trunc(center + filterScale + 0.5)) - first
    let sum = 0
    for (let tap = 0; tap < count; tap++) {
      weights[tap] = Math.max(0, 1 - Math.abs((tap + first - center + 0.5) * inverse))
      sum += weights[tap]
    }
    // Near the end a run begins earlier, so that even its empty taps lie inside.
    const start = Math.min(first, source - taps)
    starts[index] = start
    for (let tap = 0; tap < count; tap++) {
      shares[index * taps + first - start + tap] = Math.trunc((weights[tap] / sum) * 2 ** PRECISION_BITS + 0.5)
    }
    widest = Math.max(widest, first - start + count)
  }
  return widest === taps ? { length, taps, starts, shares } : narrowed({ length, taps, starts, shares }, widest)
}

/** Drops the last taps, which no target pixel uses. */
function narrowed({ length, taps, starts, shares }: ResizeAxis, widest: number): ResizeAxis {
  const kept = new Int32Array(length * widest)
  for (let index = 0; index < length; index++) {
    kept.set(shares.subarray(index * taps, index * taps + widest), index * widest)
  }
  return { length, taps: widest, starts, shares: kept }
}
