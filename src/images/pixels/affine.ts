// Shear, translation, rotation and mirroring as in torchvision on Pillow (Geometry.c: nearest in fixed point, bilinear in
// doubles); outside pixels are black.
import type { Picture } from '../picture.js'

const { floor, max, min } = Math

export type Interpolation = 'nearest' | 'bilinear'

/** 1 is upright; 2, 4, 5 and 7 are mirrored; 3, 6 and 8 rotated (Pillow: `ImageOps.exif_transpose`). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** Maps an output pixel (x, y) to its source (a·x + b·y + c, d·x + e·y + f). */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** Of a degree. */
const RADIANS = Math.PI / 180
const FIXED_ONE = 65536
// The coordinate limit of 16.16 fixed point.
const FIXED_LIMIT = 32768

/** Shears about the upper left corner: left by `across` pixels per row, up by `down` pixels per column. */
export function shear(picture: Picture, across: number, down: number, interpolation: Interpolation): Picture {
  // torchvision converts slopes to degrees and back, which changes their last bits.
  const [angleX, angleY] = [across, down].map(slope => Math.atan(slope) * (180 / Math.PI) * RADIANS)
  const slopeY = Math.sin(angleY) / Math.cos(angleY)
  return transform(picture, [1, Math.tan(angleX), 0, slopeY, 1, 0], interpolation)
}

export function translate(
  picture: Picture,
  right: number,
  down: number,
  interpolation: Interpolation
): Picture {
  return transform(picture, [1, 0, -right, 0, 1, -down], interpolation)
}

/** Rotates about the centre, counter-clockwise (torchvision: `functional.rotate`). */
export function rotate(picture: Picture, degrees: number, interpolation: Interpolation): Picture {
  if (degrees === 0) return picture
  const { width, height } = picture
  // Pillow reduces the angle modulo 360 first.
  const radians = -((degrees < 0 ? degrees + 360 : degrees) * RADIANS)
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)].map(share => Number(share.toFixed(15)))
  const [x, y] = [width / 2, height / 2]
  const affine: Affine = [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y]
  return transform(picture, affine, interpolation)
}

/** Rotates the pixels upright. Shape: (H, W, C) → (H, W, C), or (W, H, C) for a quarter turn. */
export function turned({ width, height, channels, data }: Picture, orientation: Orientation): Picture {
  const last = width * height - 1
  // Index of the first source pixel, and the steps to the right and down.
  const [first, right, down] = {
    1: [0, 1, width],
    2: [width - 1, -1, width],
    3: [last, -1, -width],
    4: [last - width + 1, 1, -width],
    5: [0, width, 1],
    6: [last - width + 1, -width, 1],
    7: [last, -width, -1],
    8: [width - 1, width, -1]
  }[orientation]
  const size = orientation < 5 ? { width, height } : { width: height, height: width }
  const pixels = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0, from = channels * (first + y * down); x < size.width; x++) {
      pixels[to] = data[from]
      if (channels === 3) {
        pixels[to + 1] = data[from + 1]
        pixels[to + 2] = data[from + 2]
      }
      to += channels
      from += channels * right
    }
  }
  return { ...size, channels, data: pixels }
}

function transform(picture: Picture, affine: Affine, interpolation: Interpolation): Picture {
  return interpolation === 'nearest' ? sampleNearest(picture, affine) : sampleBilinear(picture, affine)
}

/** Nearest-neighbour sampling (Pillow: `image.transform(size, AFFINE, data, NEAREST)`). */
function sampleNearest(picture: Picture, affine: Affine): Picture {
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
      const fromX = floor(atX / one)
      const fromY = floor(atY / one)
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
function sampleBilinear(picture: Picture, [a, b, c, d, e, f]: Affine): Picture {
  const { width, height, channels, data } = picture
  const out = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const atX = a * (x + 0.5) + b * (y + 0.5) + c
      const atY = d * (x + 0.5) + e * (y + 0.5) + f
      if (atX < 0 || atX >= width || atY < 0 || atY >= height) continue
      const left = floor(atX - 0.5)
      const top = floor(atY - 0.5)
      const [shareX, shareY] = [atX - 0.5 - left, atY - 0.5 - top]
      const columns = [max(left, 0) * channels, min(left + 1, width - 1) * channels]
      const above = max(top, 0) * width * channels
      const below = min(top + 1, height - 1) * width * channels
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
  const fixed = (value: number): number => floor(value * FIXED_ONE + 0.5)
  const [a, b, c, d, e, f] = toCenters(affine)
  return [fixed(a), fixed(b), fixed(c), fixed(d), fixed(e), fixed(f)]
}
