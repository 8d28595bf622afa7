// Steps that change colours.
import { checkOptions, oneOf, numberBetween, type NoOptions } from '../../base/options.js'
import { checkedBy, record, optional } from '../../base/schema.js'
import { permutation, type RandomGenerator } from '../../tensor/random/generator.js'
import type { Picture } from '../picture.js'
import * as pixels from '../pixels/colour.js'
import { between } from '../random/draws.js'
import { makeStep, named, asImageError, interval, type StepOf, type ValueRange, givenIn } from './options.js'

const GRAYSCALE = { name: named('grayscale'), numOutputChannels: checkedBy(oneOf(1, 3)) }

/** A step made by `grayscale`. */
export interface Grayscale extends StepOf<typeof GRAYSCALE> {}

/** A step made by `rgb`. */
export interface Rgb {
  readonly name: 'rgb'
}

export const readGrayscale = record<Grayscale>(GRAYSCALE)
export const readRgb = record<Rgb>({ name: named('rgb') })

/**
 * Colour to grey, in one channel or three equal ones (torchvision: `Grayscale`).
 * @throws ImageError when the channels are neither 1 nor 3.
 */
export function grayscale(numOutputChannels: 1 | 3 = 1): Grayscale {
  return makeStep(readGrayscale, 'grayscale', { name: 'grayscale', numOutputChannels })
}

/** Grey to three equal channels; RGB is unchanged (torchvision: `v2.RGB`). */
export function rgb(options: NoOptions = {}): Rgb {
  checkOptions('rgb', options, {})
  return { name: 'rgb' }
}

export function applyGrayscale(picture: Picture, { numOutputChannels }: Grayscale): Picture {
  const grey = pixels.toGrey(picture)
  return numOutputChannels === 3 ? pixels.toRgb(grey) : grey
}

/** In torchvision's order, on which the draws depend. */
const FACTORS = ['brightness', 'contrast', 'saturation', 'hue'] as const
const CHANGES = [pixels.adjustBrightness, pixels.adjustContrast, pixels.adjustSaturation, pixels.adjustHue]

/**
 * Options of `colorJitter`: ranges, or numbers x. Of hue, x means rotations from −x to x of the circle, at most 0.5; of the others
 * factors from 1 − x, at least 0, to 1 + x.
 */
export interface ColorJitterOptions extends Partial<
  Readonly<Record<(typeof FACTORS)[number], number | ValueRange>>
> {}

const MOST_FACTOR = 1e6
const MOST_TURN = 0.5
const factor = optional(interval(0, MOST_FACTOR))

const COLOR_JITTER = {
  name: named('colorJitter'),
  brightness: factor,
  contrast: factor,
  saturation: factor,
  hue: optional(interval(-MOST_TURN, MOST_TURN))
}

/** A step made by `colorJitter`: a range for each factor. */
export interface ColorJitter extends StepOf<typeof COLOR_JITTER> {}

export const readColorJitter = record<ColorJitter>(COLOR_JITTER)

/**
 * Random brightness, contrast, saturation and hue (torchvision: `ColorJitter`).
 * @throws ImageError when an option is unknown or out of range.
 */
export function colorJitter(options: ColorJitterOptions = {}): ColorJitter {
  const given = givenIn('colorJitter', options)
  const ranges = new Map(FACTORS.map(factor => [factor, intervalOf(factor, given[factor])]))
  const step = { ...given, ...Object.fromEntries(ranges) }
  return makeStep(readColorJitter, 'colorJitter', { name: 'colorJitter' }, step)
}

/** A range around 1, at least 0, for factors, around 0 for hue; undefined if nothing would change, as in torchvision. */
function intervalOf(
  option: keyof ColorJitterOptions,
  amount: number | ValueRange = 0
): ValueRange | undefined {
  const [center, least, most] = option === 'hue' ? [0, -MOST_TURN, MOST_TURN] : [1, 0, MOST_FACTOR]
  if (typeof amount !== 'number') return amount[0] === center && amount[1] === center ? undefined : amount
  const reader = checkedBy(numberBetween(0, most - center))
  const reach = asImageError(() => reader(amount, `colorJitter.${option}`))
  return reach === 0 ? undefined : [Math.max(least, center - reach), center + reach]
}

/** Applies a `ColorJitter`; saturation and hue skip grey pictures. */
export function applyColorJitter(picture: Picture, jitter: ColorJitter, generator: RandomGenerator): Picture {
  const order = permutation(4, generator)
  // All factors are drawn before the first is used.
  const drawn = FACTORS.map(factor => jitter[factor] && between(generator, ...jitter[factor]))
  return order.reduce((changed, index) => {
    const factor = drawn[index]
    return factor === undefined ? changed : CHANGES[index](changed, factor)
  }, picture)
}
