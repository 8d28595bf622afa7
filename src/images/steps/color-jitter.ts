import { numberBetween, oneOf } from '../../base/options.js'
import { checkedBy, optional, record } from '../../base/schema.js'
import { permutation, type RandomGenerator } from '../../tensor/random/generator.js'
import type { Picture } from '../picture.js'
import { asImageError, makeStep, interval, type ValueRange } from './options.js'
import { adjustBrightness, adjustContrast, adjustSaturation } from '../pixels/colour.js'
import { between } from '../random/draws.js'
import { adjustHue } from '../pixels/hue.js'

/** A step made by `colorJitter`: a range for each factor. */
export interface ColorJitter {
  readonly name: 'colorJitter'
  readonly brightness?: ValueRange
  readonly contrast?: ValueRange
  readonly saturation?: ValueRange
  readonly hue?: ValueRange
}

/** Options of `colorJitter`. */
export interface ColorJitterOptions {
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly brightness?: number | ValueRange
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly contrast?: number | ValueRange
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly saturation?: number | ValueRange
  /** Rotations from −x to x of the circle, at most 0.5, or a range. */
  readonly hue?: number | ValueRange
}

const MOST_FACTOR = 1e6
const MOST_TURN = 0.5
const factor = optional(interval(0, MOST_FACTOR))

export const readColorJitter = record<ColorJitter>({
  name: checkedBy(oneOf('colorJitter')),
  brightness: factor,
  contrast: factor,
  saturation: factor,
  hue: optional(interval(-MOST_TURN, MOST_TURN))
})

/**
 * Random brightness, contrast, saturation and hue (torchvision: `ColorJitter`).
 * @throws ImageError when an option is unknown or out of range.
 */
export function colorJitter(options: ColorJitterOptions): ColorJitter {
  const { brightness, contrast, saturation, hue } = options
  const intervals = {
    brightness: intervalOf('brightness', brightness),
    contrast: intervalOf('contrast', contrast),
    saturation: intervalOf('saturation', saturation),
    hue: intervalOf('hue', hue)
  }
  return makeStep(readColorJitter, 'colorJitter', { name: 'colorJitter' }, { ...options, ...intervals })
}

/** A range around 1, at least 0, for factors, around 0 for hue; undefined if nothing would change, as in torchvision. */
function intervalOf(
  option: keyof ColorJitterOptions,
  amount: number | ValueRange = 0
): ValueRange | undefined {
  const [center, least, most] = option === 'hue' ? [0, -MOST_TURN, MOST_TURN] : [1, 0, MOST_FACTOR]
  let range = amount
  if (typeof range === 'number') {
    const reach = asImageError(() =>
      checkedBy(numberBetween(0, most - center))(amount, `colorJitter.${option}`)
    )
    range = [Math.max(least, center - reach), center + reach]
  }
  return range[0] === center && range[1] === center ? undefined : range
}

/** Applies a `ColorJitter`; saturation and hue skip grey pictures. */
export function applyColorJitter(picture: Picture, jitter: ColorJitter, generator: RandomGenerator): Picture {
  const order = permutation(4, generator)
  // All factors are drawn before the first is used.
  const draw = (range: ValueRange | undefined): number | undefined => range && between(generator, ...range)
  const drawn = [draw(jitter.brightness), draw(jitter.contrast), draw(jitter.saturation), draw(jitter.hue)]
  return order.reduce((changed, index) => {
    const factor = drawn[index]
    return factor === undefined ? changed : CHANGES[index](changed, factor)
  }, picture)
}

const CHANGES = [adjustBrightness, adjustContrast, adjustSaturation, adjustHue]
