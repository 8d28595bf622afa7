// Where an enlarged map's pixels lie between its places: bilinear interpolation along one axis, as torch defines it.

/** How far the outer pixels of an enlarged map reach. */
export interface Enlarging {
  /** Put the outer places at the image's corners instead of half a place inside; default false (torch: `align_corners`). */
  readonly alignCorners?: boolean
}

/** Between which two places each pixel lies. */
export interface Interpolation {
  readonly before: Int32Array
  readonly after: Int32Array
  /** The share of `after`; `before` has the rest. */
  readonly share: Float64Array
}

/** Interpolation from so many places to so many pixels (torch: `F.interpolate(mode='bilinear')`, one axis of it). */
export function interpolation(
  from: number,
  to: number,
  { alignCorners = false }: Enlarging = {}
): Interpolation {
  const [before, after] = [new Int32Array(to), new Int32Array(to)]
  const share = new Float64Array(to)
  for (let i = 0; i < to; i++) {
    const corner = to === 1 ? 0 : (i * (from - 1)) / (to - 1)
    const place = alignCorners ? corner : Math.max(0, ((i + 0.5) * from) / to - 0.5)
    before[i] = Math.min(Math.floor(place), from - 1)
    after[i] = Math.min(before[i] + 1, from - 1)
    share[i] = place - before[i]
  }
  return { before, after, share }
}
