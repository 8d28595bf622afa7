import { oneOf } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import { toGrey, toRgb } from '../pixels/channels.js'
import type { Picture } from '../picture.js'
import { makeStep } from './options.js'

/** A step made by `grayscale`. */
export interface Grayscale {
  readonly name: 'grayscale'
  readonly numOutputChannels: 1 | 3
}

/** A step made by `rgb`. */
export interface Rgb {
  readonly name: 'rgb'
}

export const readGrayscale = record<Grayscale>({
  name: checkedBy(oneOf('grayscale')),
  numOutputChannels: checkedBy(oneOf(1, 3))
})
export const readRgb = record<Rgb>({ name: checkedBy(oneOf('rgb')) })

/**
 * Colour to grey, in one channel or three equal ones (torchvision: `Grayscale`).
 * @throws ImageError when the channels are neither 1 nor 3.
 */
export function grayscale(numOutputChannels: 1 | 3 = 1): Grayscale {
  return makeStep(readGrayscale, 'grayscale', { name: 'grayscale', numOutputChannels })
}

/** Grey to three equal channels; RGB is unchanged (torchvision: `v2.RGB`). */
export function rgb(): Rgb {
  return { name: 'rgb' }
}

export function applyGrayscale(picture: Picture, { numOutputChannels }: Grayscale): Picture {
  const grey = toGrey(picture)
  return numOutputChannels === 3 ? toRgb(grey) : grey
}
