// How many channels a picture has: grey for networks of one, colour for networks of three.
import { oneOf } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import { toGrey, toRgb } from '../pixels/channels.js'
import type { Picture } from '../picture.js'
import { makeStep } from './options.js'

/** What `grayscale` makes. */
export interface Grayscale {
  readonly name: 'grayscale'
  readonly numOutputChannels: 1 | 3
}

/** What `rgb` makes. */
export interface Rgb {
  readonly name: 'rgb'
}

export const readGrayscale = record<Grayscale>({
  name: checkedBy(oneOf('grayscale')),
  numOutputChannels: checkedBy(oneOf(1, 3))
})
export const readRgb = record<Rgb>({ name: checkedBy(oneOf('rgb')) })

/**
 * Colour to grey, in one channel or in three equal ones (torchvision: `Grayscale`).
 * @throws ImageError when the channels are neither 1 nor 3.
 */
export function grayscale(numOutputChannels: 1 | 3 = 1): Grayscale {
  return makeStep(readGrayscale, 'grayscale', { name: 'grayscale', numOutputChannels })
}

/** Grey to three equal channels; a picture in colour stays as it is (torchvision: `v2.RGB`). */
export function rgb(): Rgb {
  return { name: 'rgb' }
}

/** Does what a `Grayscale` says. */
export function applyGrayscale(picture: Picture, { numOutputChannels }: Grayscale): Picture {
  const grey = toGrey(picture)
  return numOutputChannels === 3 ? toRgb(grey) : grey
}
