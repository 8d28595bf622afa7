// Bilinear interpolation along one axis, as in torch.

/** Options of the enlargement. */
export interface Enlarging {
  /** Align corner samples with the image's corners; default false (torch: `align_corners`). */
  readonly alignCorners?: boolean | undefined
}

/** The two samples around each pixel. */
export interface Interpolation {
  readonly before: Int32Array
  readonly after: Int32Array
  /** The weight of `after`; `before` has the rest. */
  readonly share: Float64Array
}

/** Interpolation of samples to pixels (torch: `F.interpolate(mode='bilinear')`, one axis). */
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
