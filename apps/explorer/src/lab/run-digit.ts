// From strokes to the picture that the bundled digits are: as their makers did it, a digit fills a bitmap of 32 × 32 in
// lines of a set weight, upright, and each pixel of 8 × 8 counts the ink of 4 × 4.
// Source: Garris et al., "NIST Form-Based Handprint Recognition System" (1994), for the bitmap; Alpaydin and Kaynak,
// "Optical Recognition of Handwritten Digits" (1998), for the counts.
import type { Picture } from 'resnet-ts/images'

/** A line drawn without lifting the pen: x and y in turn, y downwards. */
export type Stroke = readonly number[]

/** Sides of the paper that is drawn on, in the unit of strokes. */
export const PAPER = 320

type Point = readonly [x: number, y: number]

const BITMAP = 32
const CELL = 4
const SIDE = BITMAP / CELL
/** Digits reach from top to bottom, and are at most this wide. */
const WIDEST = 21
/** Narrow ones are not drawn out by more than this, or a 1 would be as wide as a 0. */
const MOST_STRETCH = 1.2
/** Pixels with ink: the mean of the bundled digits, from which few are far, as their makers set the weight of lines. */
const INK = 312
/** Radius of the pen in the bitmap, and how often the interval for it is halved. */
const [FINEST, BROADEST, HALVINGS] = [0.5, 7, 12]
/** How much of a slant is taken back; a 7 is meant to lean. */
const UPRIGHT = 0.6
const MOST_SLANT = 0.7

/** A drawn digit as one of the bundled ones, white on black; all black where nothing is drawn. */
export function digitPicture(strokes: readonly Stroke[]): Picture {
  const points = setUpright(spread(strokes))
  const counts = new Uint8Array(SIDE * SIDE)
  if (points.length > 0) {
    for (const [i, ink] of drawnWith(points, radiusFor(points)).entries()) {
      const [x, y] = [i % BITMAP, Math.floor(i / BITMAP)]
      counts[Math.floor(y / CELL) * SIDE + Math.floor(x / CELL)] += ink
    }
  }
  const data = counts.map(count => Math.round((count * 255) / (CELL * CELL)))
  return { width: SIDE, height: SIDE, channels: 1, data }
}

/** Points along the strokes, so close that the finest pen leaves no gap. */
function spread(strokes: readonly Stroke[]): Point[] {
  const lines = strokes.map(pointsOf)
  const { width, height } = boxOf(lines.flat())
  const step = Math.max(width, height) / (4 * BITMAP)
  return lines.flatMap(line =>
    line.flatMap(([x, y], i): Point[] => {
      const [toX, toY] = line[i + 1] ?? [x, y]
      const parts = step > 0 ? Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / step)) : 1
      return Array.from({ length: parts }, (_, k) => [
        x + ((toX - x) * k) / parts,
        y + ((toY - y) * k) / parts
      ])
    })
  )
}

function pointsOf(stroke: Stroke): Point[] {
  return Array.from({ length: Math.floor(stroke.length / 2) }, (_, i) => [stroke[2 * i], stroke[2 * i + 1]])
}

function boxOf(points: readonly Point[]) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of points) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return { left, top, width: right - left, height: bottom - top }
}

/** Takes back some of the slant: how far x goes with y, by least squares. */
function setUpright(points: readonly Point[]): Point[] {
  const [middleX, middleY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))]
  const together = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0)
  const spreadY = points.reduce((sum, [, y]) => sum + (y - middleY) ** 2, 0)
  const slant = spreadY > 0 ? together / spreadY : 0
  const shear = UPRIGHT * Math.min(MOST_SLANT, Math.max(-MOST_SLANT, slant))
  return points.map(([x, y]) => [x - shear * (y - middleY), y])
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The pen that leaves as much ink as the bundled digits have. */
function radiusFor(points: readonly Point[]): number {
  let [low, high] = [FINEST, BROADEST]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    const ink = drawnWith(points, middle).reduce((sum, pixel) => sum + pixel, 0)
    if (ink < INK) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The bitmap, filled with the digit as far as its proportions allow: 1 where there is ink. */
function drawnWith(points: readonly Point[], radius: number): Uint8Array {
  const { left, top, width, height } = boxOf(points)
  const down = height > 0 ? (BITMAP - 2 * radius) / height : 0
  const across = width > 0 ? Math.max(0, WIDEST - 2 * radius) / width : 0
  // A flat line has no height to go by.
  const scaleX = down > 0 ? Math.min(across, MOST_STRETCH * down) : across
  const [middle, middleX, middleY] = [BITMAP / 2, left + width / 2, top + height / 2]
  const bitmap = new Uint8Array(BITMAP * BITMAP)
  for (const [x, y] of points)
    dab(bitmap, [middle + (x - middleX) * scaleX, middle + (y - middleY) * down], radius)
  return bitmap
}

function dab(bitmap: Uint8Array, [x, y]: Point, radius: number): void {
  const first = (at: number): number => Math.max(0, Math.floor(at - radius))
  const last = (at: number): number => Math.min(BITMAP - 1, Math.ceil(at + radius))
  for (let row = first(y); row <= last(y); row++) {
    for (let column = first(x); column <= last(x); column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y]
      if (dx * dx + dy * dy <= radius * radius) bitmap[row * BITMAP + column] = 1
    }
  }
}
