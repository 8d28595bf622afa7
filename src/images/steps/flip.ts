import { oneOf } from '../../base/options.js'
import { checkedBy, type Reader, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import type { Picture } from '../picture.js'
import { chance } from '../random/draws.js'
import { makeStep, probability } from './options.js'

/** A step made by `randomHorizontalFlip` or `randomVerticalFlip`. */
export interface RandomFlip {
  readonly name: 'randomHorizontalFlip' | 'randomVerticalFlip'
  /** Probability. */
  readonly p: number
}

export const readHorizontalFlip = flipReader('randomHorizontalFlip')
export const readVerticalFlip = flipReader('randomVerticalFlip')

function flipReader(name: RandomFlip['name']): Reader<RandomFlip> {
  return record<RandomFlip>({ name: checkedBy(oneOf(name)), p: probability })
}

/**
 * Flips horizontally with probability `p` (torchvision: `RandomHorizontalFlip`).
 * @throws ImageError when `p` is not between 0 and 1.
 */
export function randomHorizontalFlip(p = 0.5): RandomFlip {
  return makeStep(readHorizontalFlip, 'randomHorizontalFlip', { name: 'randomHorizontalFlip', p })
}

/**
 * Flips vertically with probability `p` (torchvision: `RandomVerticalFlip`).
 * @throws ImageError when `p` is not between 0 and 1.
 */
export function randomVerticalFlip(p = 0.5): RandomFlip {
  return makeStep(readVerticalFlip, 'randomVerticalFlip', { name: 'randomVerticalFlip', p })
}

export function applyRandomFlip(
  picture: Picture,
  { name, p }: RandomFlip,
  generator: RandomGenerator
): Picture {
  if (!chance(generator, p)) return picture
  return name === 'randomHorizontalFlip' ? flipAcross(picture) : flipDown(picture)
}

function flipAcross(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  const flipped = new Uint8Array(data.length)
  const stride = width * channels
  for (let y = 0, out = 0; y < height; y++) {
    for (let at = (y + 1) * stride - channels, end = y * stride; at >= end; at -= channels, out += channels) {
      flipped[out] = data[at]
      if (channels === 1) continue
      flipped[out + 1] = data[at + 1]
      flipped[out + 2] = data[at + 2]
    }
  }
  return { ...picture, data: flipped }
}

function flipDown(picture: Picture): Picture {
  const { width, height, channels, data } = picture
  const flipped = new Uint8Array(data.length)
  const stride = width * channels
  for (let y = 0; y < height; y++) {
    flipped.set(data.subarray(y * stride, (y + 1) * stride), (height - 1 - y) * stride)
  }
  return { ...picture, data: flipped }
}
