// Shear, translation and rotation as in torchvision on Pillow; outside pixels are black.
import type { Picture } from '../picture.js'
import { sampleBilinear, sampleNearest, type Affine } from './affine-sample.js'

export type Interpolation = 'nearest' | 'bilinear'

/** Shears about the upper left corner: left by `across` pixels per row, up by `down` pixels per column. */
export function shear(
  picture: Picture,
  { across = 0, down = 0 }: { readonly across?: number; readonly down?: number },
  interpolation: Interpolation
): Picture {
  // torchvision converts slopes to degrees and back, which changes their last bits.
  const [angleX, angleY] = [toRadians(toDegrees(Math.atan(across))), toRadians(toDegrees(Math.atan(down)))]
  const slopeY = Math.sin(angleY) / Math.cos(angleY)
  return transform(picture, [1, Math.tan(angleX), 0, slopeY, 1, 0], interpolation)
}

/** Translates by whole pixels. */
export function translate(
  picture: Picture,
  { right = 0, down = 0 }: { readonly right?: number; readonly down?: number },
  interpolation: Interpolation
): Picture {
  return transform(picture, [1, 0, -right, 0, 1, -down], interpolation)
}

/** Rotates about the centre, counter-clockwise (torchvision: `functional.rotate`). */
export function rotate(picture: Picture, degrees: number, interpolation: Interpolation): Picture {
  if (degrees === 0) return picture
  const { width, height } = picture
  // Pillow reduces the angle modulo 360 first.
  const radians = -toRadians(degrees < 0 ? degrees + 360 : degrees)
  const cos = toFifteenPlaces(Math.cos(radians))
  const sin = toFifteenPlaces(Math.sin(radians))
  const [x, y] = [width / 2, height / 2]
  return transform(
    picture,
    [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y],
    interpolation
  )
}

function transform(picture: Picture, affine: Affine, interpolation: Interpolation): Picture {
  return interpolation === 'nearest' ? sampleNearest(picture, affine) : sampleBilinear(picture, affine)
}

function toDegrees(radians: number): number {
  return radians * (180 / Math.PI)
}

function toRadians(degrees: number): number {
  return degrees * (Math.PI / 180)
}

function toFifteenPlaces(value: number): number {
  return Number(value.toFixed(15))
}
