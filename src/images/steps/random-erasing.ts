import { oneOf } from '../../base/options.js'
import { checkedBy, list, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError } from '../picture.js'
import { makeStep, interval, probability, ratio, value, type ValueRange } from './options.js'
import { below, chance } from '../random/draws.js'
import { drawSides, type Shape } from '../random/random-region.js'

/** A step made by `randomErasing`. */
export interface RandomErasing extends Shape {
  readonly name: 'randomErasing'
  readonly p: number
  readonly value: readonly number[] | 'random'
}

/** Options of `randomErasing`. */
export interface RandomErasingOptions {
  /** Probability; default 0.5. */
  readonly p?: number
  /** Range of the relative area; default 0.02 to 0.33. */
  readonly scale?: ValueRange
  /** Range of height / width; default 0.3 to 3.3. */
  readonly ratio?: ValueRange
  /** Fill: one number, one per channel, or standard normal noise; default 0. */
  readonly value?: number | readonly number[] | 'random'
}

export const readRandomErasing = record<RandomErasing>({
  name: checkedBy(oneOf('randomErasing')),
  p: probability,
  scale: interval(0, 1),
  ratio,
  value: (given, path) => (given === 'random' ? given : list(value, 1, 3)(given, path))
})

/** Planar floats. */
export interface Planes {
  /** Shape: (channels, height, width). */
  readonly data: Float32Array
  readonly channels: number
  readonly height: number
  readonly width: number
}

/**
 * Erases a rectangle with probability `p`, after `toTensor` (torchvision: `RandomErasing`).
 *
 * From Random Erasing Data Augmentation, Zhong et al. 2017, https://arxiv.org/abs/1708.04896
 * @throws ImageError when an option is unknown or out of range.
 */
export function randomErasing({ value = 0, ...options }: RandomErasingOptions = {}): RandomErasing {
  const step = {
    name: 'randomErasing',
    p: 0.5,
    scale: [0.02, 0.33],
    ratio: [0.3, 3.3],
    value: typeof value === 'number' ? [value] : value
  }
  return makeStep(readRandomErasing, 'randomErasing', step, options)
}

/** Applies a `RandomErasing` in place. @throws ImageError unless there is one value, or one per channel. */
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
