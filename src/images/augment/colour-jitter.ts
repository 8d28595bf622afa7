// Random changes of colour, in random order.
import { either, numberBetween, numberFrom, type Checks } from '../../base/options.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { permutation } from '../../tensor/random/permutation.js'
import type { Picture } from '../picture.js'
import { checkImageOptions, rangeWithin, type ValueRange } from './check.js'
import { adjustBrightness, adjustContrast, adjustSaturation } from './colour.js'
import { between } from './draws.js'
import { adjustHue } from './hue.js'

/** What `colorJitter` makes: the range each factor is drawn from; what has none is not changed. */
export interface ColorJitter {
  readonly name: 'colorJitter'
  readonly brightness?: ValueRange
  readonly contrast?: ValueRange
  readonly saturation?: ValueRange
  readonly hue?: ValueRange
}

/** How much `colorJitter` changes. */
export interface ColorJitterOptions {
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly brightness?: number | ValueRange
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly contrast?: number | ValueRange
  /** Factors from 1 − x (at least 0) to 1 + x, or a range. */
  readonly saturation?: number | ValueRange
  /** Turns from −x to x, at most half the circle (0.5), or a range. */
  readonly hue?: number | ValueRange
}

const FACTORS: ValueRange = [0, Number.MAX_VALUE]
const TURNS: ValueRange = [-0.5, 0.5]
const FACTOR = either(numberFrom(0), rangeWithin(FACTORS))
const OPTIONS: Checks<ColorJitterOptions> = {
  brightness: FACTOR,
  contrast: FACTOR,
  saturation: FACTOR,
  hue: either(numberBetween(0, TURNS[1]), rangeWithin(TURNS))
}

/**
 * Random brightness, contrast, saturation and hue (torchvision: `ColorJitter`).
 * @throws ImageError for negative amounts, ranges that run backwards, and turns beyond half the circle.
 */
export function colorJitter(options: ColorJitterOptions): ColorJitter {
  checkImageOptions('colorJitter', options, OPTIONS)
  const factors = (option: 'brightness' | 'contrast' | 'saturation'): Partial<ColorJitter> =>
    rangeAround(option, options[option], 1, FACTORS)
  return {
    name: 'colorJitter',
    ...factors('brightness'),
    ...factors('contrast'),
    ...factors('saturation'),
    ...rangeAround('hue', options.hue, 0, TURNS)
  }
}

/** Does what a `ColorJitter` says; grey pictures have neither saturation nor hue. */
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

function rangeAround(
  option: keyof ColorJitterOptions,
  amount: number | ValueRange = 0,
  center: number,
  bounds: ValueRange
): Partial<ColorJitter> {
  const range: ValueRange =
    typeof amount === 'number' ? [Math.max(bounds[0], center - amount), center + amount] : amount
  return range[0] === center && range[1] === center ? {} : { [option]: range }
}
