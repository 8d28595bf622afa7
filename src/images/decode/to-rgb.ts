// Converts samples to eight-bit RGB by Pillow's rules (`Image.convert('RGB')`): alpha is dropped, not blended; 16-bit grey
// is clipped, not scaled; CMYK is converted without a profile.
import type { DecodedImage } from '#platform'
import type { GifFrame } from './gif-frame.js'
import type { Picture } from '../picture.js'

/** Converts decoded samples; RGB of 8 bits is shared, not copied. */
export function rgbOf({ width, height, channels, layout, data }: DecodedImage): Picture {
  switch (layout) {
    case 'rgb':
      return {
        width,
        height,
        channels: 3,
        data: channels === 3 && data instanceof Uint8Array ? data : firstThree(data, channels)
      }
    case 'cmyk':
      return { width, height, channels: 3, data: rgbOfInks(data) }
    case 'grey16':
      return { width, height, channels: 3, data: rgbOfDeepGrey(data) }
  }
}

/** Fills a GIF's transparent pixels and uncovered screen. */
export function rgbOfGif(decoded: DecodedImage, frame: GifFrame): Picture {
  const { width, height, data } = rgbOf(decoded)
  const [red, green, blue] = frame.background
  const { channels, data: samples } = decoded
  const rgb = new Uint8Array(data)
  for (let y = 0, pixel = 0; y < height; y++) {
    const rowCovered = y >= frame.top && y < frame.bottom
    for (let x = 0; x < width; x++, pixel++) {
      const covered = rowCovered && x >= frame.left && x < frame.right
      if (covered && (channels < 4 || samples[channels * pixel + 3] > 0)) continue
      rgb[3 * pixel] = red
      rgb[3 * pixel + 1] = green
      rgb[3 * pixel + 2] = blue
    }
  }
  return { width, height, channels: 3, data: rgb }
}

function firstThree(samples: ArrayLike<number>, channels: number): Uint8Array {
  const rgb = new Uint8Array((samples.length / channels) * 3)
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = samples[from]
    rgb[to + 1] = samples[from + 1]
    rgb[to + 2] = samples[from + 2]
  }
  return rgb
}

/** `(255 − k) − round(ink · (255 − k) / 255)`, in Pillow's integer arithmetic. */
function rgbOfInks(inks: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const white = 255 - inks[from + 3]
    for (let channel = 0; channel < 3; channel++) {
      const product = inks[from + channel] * white + 128
      rgb[to + channel] = white - (((product >> 8) + product) >> 8)
    }
  }
  return rgb
}

function rgbOfDeepGrey(greys: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array(greys.length * 3)
  for (let pixel = 0; pixel < greys.length; pixel++)
    rgb.fill(Math.min(greys[pixel], 255), 3 * pixel, 3 * pixel + 3)
  return rgb
}
