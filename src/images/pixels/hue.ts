// Hue rotation through Pillow's eight-bit HSV, with its mixture of float and double arithmetic for equal results.
import type { Picture } from '../picture.js'

const { fround } = Math

/** Rotates the hue by −0.5 to 0.5 of the circle (torchvision: `functional.adjust_hue`). */
export function adjustHue(picture: Picture, turn: number): Picture {
  if (picture.channels === 1) return picture
  const { data } = picture
  const out = new Uint8Array(data.length)
  const shift = Math.trunc(turn * 255)
  for (let at = 0; at < data.length; at += 3) {
    const red = data[at]
    const green = data[at + 1]
    const blue = data[at + 2]
    const value = Math.max(red, green, blue)
    const spread = value - Math.min(red, green, blue)
    const saturation = Math.trunc(fround(spread / value) * 255)
    if (spread === 0 || saturation === 0) {
      write(out, at, value, value, value)
    } else {
      const hue = (hueOf(red, green, blue, value, spread) + shift) & 255
      writeRgb(out, at, hue, saturation, value)
    }
  }
  return { ...picture, data: out }
}

/** The hue of a colour that has one, 0 … 255. */
function hueOf(red: number, green: number, blue: number, value: number, spread: number): number {
  const fromRed = fround((value - red) / spread)
  const fromGreen = fround((value - green) / spread)
  const fromBlue = fround((value - blue) / spread)
  let sixths: number
  if (red === value) sixths = fround(fromBlue - fromGreen)
  else if (green === value) sixths = fround(2 + fromRed - fromBlue)
  else sixths = fround(4 + fromGreen - fromRed)
  const turns = sixths / 6 + 1
  return Math.trunc(fround(turns - Math.floor(turns)) * 255)
}

function writeRgb(out: Uint8Array, at: number, hue: number, saturation: number, value: number): void {
  const sixths = (hue * 6) / 255
  const sector = Math.floor(sixths)
  const rest = fround(sixths - sector)
  const share = fround(saturation / 255)
  const low = Math.round(value * (1 - share))
  const falling = Math.round(value * (1 - fround(share * rest)))
  const rising = Math.round(value * (1 - share * (1 - rest)))
  const sextant = sector % 6
  if (sextant === 0) write(out, at, value, rising, low)
  else if (sextant === 1) write(out, at, falling, value, low)
  else if (sextant === 2) write(out, at, low, value, rising)
  else if (sextant === 3) write(out, at, low, falling, value)
  else if (sextant === 4) write(out, at, rising, low, value)
  else write(out, at, value, low, falling)
}

function write(out: Uint8Array, at: number, red: number, green: number, blue: number): void {
  out[at] = red
  out[at + 1] = green
  out[at + 2] = blue
}
