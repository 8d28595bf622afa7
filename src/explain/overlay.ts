import {
  anObject,
  checkArguments,
  checkOptions,
  numberBetween,
  oneOf,
  type OptionsOf
} from '../base/options.js'
import type { Picture } from '../images/picture.js'
import { toRgb } from '../images/pixels/colour.js'
import type { FloatTensor } from '../tensor/tensor.js'
import { A_TENSOR, COLOUR_SCALES, coloured } from './colour-map.js'
import { ExplainError, explainFault } from './explanation.js'
import { enlarged } from './heat.js'
import { everyItem } from './items.js'

const { ceil, min, round } = Math

const OPTIONS = {
  /** Opacity of the heat, 0 … 1; default 0.5. */
  alpha: numberBetween(0, 1),
  /** Default `inferno`. */
  colours: oneOf(...COLOUR_SCALES)
}

/** Options of `overlay`. */
export interface OverlayOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Blends a heat map over an image of the same size. Shapes: (H, W, channels) and heat (H, W) → (H, W, 3).
 * @throws ExplainError when the sizes differ, or alpha is not from 0 to 1.
 */
export function overlay(image: Picture, heat: FloatTensor, options: OverlayOptions = {}): Picture {
  checkOptions('overlay', options, OPTIONS, explainFault)
  checkArguments('overlay', { image, heat }, { image: anObject('a picture'), heat: A_TENSOR })
  const { alpha = 0.5, colours = 'inferno' } = options
  const [height, width] = heat.shape
  if (heat.shape.length !== 2 || image.width !== width || image.height !== height) {
    throw new ExplainError(
      `overlay: the image has ${image.height} × ${image.width} pixels, the heat is ${String(heat)}`
    )
  }
  const over = coloured(heat, colours).data
  const data = toRgb(image).data.map((level, i) => round((1 - alpha) * level + alpha * over[i]))
  return { width, height, channels: 3, data }
}

export interface Viewed {
  readonly image: Picture
  /** (H, W) */
  readonly heat: FloatTensor
}

/** Enlarges a small image by whole pixels and its heat bilinearly. @param least the shorter side. */
export function enlargedToView({ image, heat }: Viewed, least: number): Viewed {
  const factor = ceil(least / min(image.width, image.height))
  if (factor <= 1) return { image, heat }
  const larger = repeated(image, factor)
  const [heatOfLarger] = everyItem(enlarged(heat.reshape([1, ...heat.shape]), larger))
  return { image: larger, heat: heatOfLarger }
}

/** Every pixel as a square of `factor` × `factor`. */
export function repeated({ width, height, channels, data }: Picture, factor: number): Picture {
  const stride = width * factor * channels
  const pixels = new Uint8Array(stride * height * factor)
  for (let y = 0, from = 0; y < height; y++) {
    const start = y * factor * stride
    for (let to = start; to < start + stride; from += channels) {
      for (let copy = 0; copy < factor; copy++) {
        for (let channel = 0; channel < channels; channel++) pixels[to++] = data[from + channel]
      }
    }
    for (let copy = 1; copy < factor; copy++) pixels.copyWithin(start + copy * stride, start, start + stride)
  }
  return { width: width * factor, height: height * factor, channels, data: pixels }
}
