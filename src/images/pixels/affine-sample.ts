// Pillow's sampling of affine transforms (Geometry.c): nearest in fixed point, bilinear in doubles.
import type { Picture } from '../picture.js'

/** Maps an output pixel (x, y) to its source (a·x + b·y + c, d·x + e·y + f). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

const FIXED_ONE = 65536
// The coordinate limit of 16.16 fixed point.
const FIXED_LIMIT = 32768

/** Nearest-neighbour sampling (Pillow: `image.transform(size, AFFINE, data, NEAREST)`). */
export function sampleNearest(picture: Picture, affine: Affine): Picture {
  const { width, height, channels, data } = picture
  const isFixed = isWithinFixed(affine, width, height)
  const [a, b, c, d, e, f] = isFixed ? toFixed(affine) : toCenters(affine)
  // Accumulates steps, as Pillow does; in fixed point the sums are exact.
  const one = isFixed ? FIXED_ONE : 1
  const out = new Uint8Array(data.length)
  let [rowX, rowY] = [c, f]
  for (let y = 0, to = 0; y < height; y++, rowX += b, rowY += e) {
    let [atX, atY] = [rowX, rowY]
    for (let x = 0; x < width; x++, to += channels, atX += a, atY += d) {
      const fromX = Math.floor(atX / one)
      const fromY = Math.floor(atY / one)
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
      const from = (fromY * width + fromX) * channels
      out[to] = data[from]
      if (channels === 1) continue
      out[to + 1] = data[from + 1]
      out[to + 2] = data[from + 2]
    }
  }
  return { ...picture, data: out }
}

/** Bilinear sampling (Pillow: `image.transform(size, AFFINE, data, BILINEAR)`). */
export function sampleBilinear(picture: Picture, [a, b, c, d, e, f]: Affine): Picture {
  const { width, height, channels, data } = picture
  const out = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const atX = a * (x + 0.5) + b * (y + 0.5) + c
      const atY = d * (x + 0.5) + e * (y + 0.5) + f
      if (atX < 0 || atX >= width || atY < 0 || atY >= height) continue
      const left = Math.floor(atX - 0.5)
      const top = Math.floor(atY - 0.5)
      const [shareX, shareY] = [atX - 0.5 - left, atY - 0.5 - top]
      const columns = [Math.max(left, 0) * channels, Math.min(left + 1, width - 1) * channels]
      const above = Math.max(top, 0) * width * channels
      const below = Math.min(top + 1, height - 1) * width * channels
      for (let channel = 0; channel < channels; channel++) {
        const [first, second] = [columns[0] + channel, columns[1] + channel]
        const upper = data[above + first] + (data[above + second] - data[above + first]) * shareX
        const lower = data[below + first] + (data[below + second] - data[below + first]) * shareX
        out[to + channel] = upper + (lower - upper) * shareY
      }
    }
  }
  return { ...picture, data: out }
}

/** Whether all corners fit into fixed point. */
function isWithinFixed([a, b, c, d, e, f]: Affine, width: number, height: number): boolean {
  const within = (x: number, y: number): boolean =>
    Math.abs(a * x + b * y + c) < FIXED_LIMIT && Math.abs(d * x + e * y + f) < FIXED_LIMIT
  return within(0, 0) && within(width, height) && within(0, height) && within(width, 0)
}

/** The same map for pixel centres. */
function toCenters([a, b, c, d, e, f]: Affine): Affine {
  return [a, b, c + a * 0.5 + b * 0.5, d, e, f + d * 0.5 + e * 0.5]
}

function toFixed(affine: Affine): Affine {
  const fixed = (value: number): number => Math.floor(value * FIXED_ONE + 0.5)
  const [a, b, c, d, e, f] = toCenters(affine)
  return [fixed(a), fixed(b), fixed(c), fixed(d), fixed(e), fixed(f)]
}
