// Forgetting a random rectangle, so that no part of a picture is relied on.
import { either, finiteNumber, listOf, oneOf, type Checks } from '../../base/options.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError } from '../image-error.js'
import { checkImageOptions, PROBABILITY, rangeWithin, RATIO, type ValueRange } from './check.js'
import { below, chance } from './draws.js'
import { drawSides, type Shape } from './random-region.js'

/** What `randomErasing` makes. */
export interface RandomErasing extends Shape {
  readonly name: 'randomErasing'
  readonly p: number
  readonly value: readonly number[] | 'random'
}

/** What `randomErasing` erases. */
export interface RandomErasingOptions {
  /** How likely; default 0.5. */
  readonly p?: number
  /** Area as a share of the picture's; default 0.02 to 0.33. */
  readonly scale?: ValueRange
  /** Height by width; default 0.3 to 3.3. */
  readonly ratio?: ValueRange
  /** What is left: a number, one per channel, or noise of mean 0 and variance 1; default 0. */
  readonly value?: number | readonly number[] | 'random'
}

const OPTIONS: Checks<RandomErasingOptions> = {
  p: PROBABILITY,
  scale: rangeWithin([0, 1]),
  ratio: RATIO,
  value: either(either(finiteNumber, listOf(finiteNumber)), oneOf('random'))
}

/** Floats in planes. */
export interface Planes {
  /** Shape: (channels, height, width). */
  readonly data: Float32Array
  readonly channels: number
  readonly height: number
  readonly width: number
}

/**
 * Erases a rectangle with probability `p`; stands after `toTensor` (torchvision: `RandomErasing`).
 *
 * From Random Erasing Data Augmentation, Zhong et al. 2017, https://arxiv.org/abs/1708.04896
 * @throws ImageError for probabilities, ranges and values that mean nothing.
 */
export function randomErasing(options: RandomErasingOptions = {}): RandomErasing {
  checkImageOptions('randomErasing', options, OPTIONS)
  const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options
  const values = typeof value === 'number' ? [value] : value
  if (values.length === 0) throw new ImageError('randomErasing', 'value: expected numbers, got none')
  return { name: 'randomErasing', p, scale, ratio, value: values }
}

/**
 * Does what a `RandomErasing` says, in place.
 * @throws ImageError when there are other values than one, and not one per channel.
 */
export function eraseRandomly(planes: Planes, transform: RandomErasing, generator: RandomGenerator): void {
  if (!chance(generator, transform.p)) return
  const { data, channels, height, width } = planes
  const { value } = transform
  if (value !== 'random' && value.length !== 1 && value.length !== channels) {
    throw new ImageError('randomErasing', `there are ${value.length} values for ${channels} channels`)
  }
  const sides = drawSides(planes, transform, generator, (tall, wide) => tall < height && wide < width)
  if (!sides) return
  const { long: tall, short: wide } = sides
  const noise = value === 'random' ? generator.normal(channels * tall * wide) : undefined
  const top = below(generator, height - tall + 1)
  const left = below(generator, width - wide + 1)
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < tall; y++) {
      const at = (channel * height + top + y) * width + left
      const row = (channel * tall + y) * wide
      if (value === 'random') data.set(noise?.subarray(row, row + wide) ?? [], at)
      else data.fill(value[value.length === 1 ? 0 : channel], at, at + wide)
    }
  }
}
