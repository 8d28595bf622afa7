// Converts samples to eight-bit RGB by Pillow's rules (`Image.convert('RGB')`): alpha is dropped, not blended; 16-bit grey
// is clipped, not scaled; CMYK is converted without a profile.
import type { DecodedImage } from '#platform'
import type { Picture } from '../picture.js'
import { toRgb } from '../pixels/colour.js'

/** Converts decoded samples; RGB of 8 bits is shared, not copied. */
export function rgbOf({ width, height, channels, layout, data }: DecodedImage): Picture {
  if (layout === 'grey16') {
    return toRgb({
      width,
      height,
      channels: 1,
      data: Uint8Array.from(data, grey => (grey < 255 ? grey : 255))
    })
  }
  const isRgb = channels === 3 && data instanceof Uint8Array
  const rgb = layout === 'cmyk' ? rgbOfInks(data) : isRgb ? data : firstThree(data, channels)
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
