// Pillow's filters for resizing (Resample.c): how much a source pixel counts at a distance from the target pixel's centre.
const { abs, cos, PI, sin } = Math

/** How a resize weighs pixels (Pillow: `Image.Resampling`). */
export type Resampling = 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'

interface Filter {
  /** Beyond this distance it is 0. */
  readonly reach: number
  readonly weigh: (x: number) => number
}

// As in Pillow, and Keys 1981; others take -0.75.
const A = -0.5
const LANCZOS = 3

function sinc(x: number): number {
  return x === 0 ? 1 : sin(x * PI) / (x * PI)
}

function cubic(x: number): number {
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0
}

export const FILTERS: Readonly<Record<Resampling, Filter>> = {
  box: { reach: 0.5, weigh: x => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weigh: x => Math.max(0, 1 - abs(x)) },
  hamming: { reach: 1, weigh: x => (abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * cos(x * PI)) : 0) },
  bicubic: { reach: 2, weigh: x => cubic(abs(x)) },
  lanczos: {
    reach: LANCZOS,
    weigh: x => (x >= -LANCZOS && x < LANCZOS ? sinc(x) * sinc(x / LANCZOS) : 0)
  }
}

export const RESAMPLINGS = Object.keys(FILTERS) as Resampling[]
