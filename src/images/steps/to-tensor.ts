// The step from a picture to floats, and the one after it.
import { counted, thereAre } from '../../base/figures.js'
import { oneOf } from '../../base/options.js'
import { checkedBy, optional, record, list } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError, type Picture } from '../picture.js'
import { below, chance, drawSides } from '../random/draws.js'
import { passesOn, STRIP_BYTES } from '../simd/passes.js'
import * as field from './options.js'

/** Channel order of a network's input: RGB, or BGR as in OpenCV and Caffe. */
export type ChannelOrder = 'rgb' | 'bgr'

export const channelOrder = optional(checkedBy<ChannelOrder>(oneOf('rgb', 'bgr')))

const TO_TENSOR = {
  name: field.named('toTensor'),
  /** Mean of each channel in 0 … 1, or one for all; default 0. */
  mean: field.perChannel(field.value),
  /** Standard deviation of each channel in 0 … 1, or one for all; default 1. */
  std: field.perChannel(field.deviation),
  /** Order of the output's channels, `mean` and `std`; default 'rgb'. */
  channelOrder
}

/** A step made by `toTensor`. */
export interface ToTensor extends field.StepOf<typeof TO_TENSOR> {}

/** Options of `toTensor`. */
export interface ToTensorOptions extends Partial<Omit<ToTensor, 'name'>> {}

export const readToTensor = record<ToTensor>(TO_TENSOR)

/**
 * Converts levels to normalised floats (torchvision: `ToTensor` and `Normalize`); by default in 0 … 1.
 * @throws ImageError when an option is unknown or out of range.
 */
export function toTensor(options: ToTensorOptions = {}): ToTensor {
  return field.makeStep(readToTensor, 'toTensor', { name: 'toTensor', mean: [0], std: [1] }, options)
}

/** @throws ImageError for a grey picture with statistics of three channels. */
export function checkStatistics(
  { mean, std }: Pick<ToTensor, 'mean' | 'std'>,
  { channels }: Pick<Picture, 'channels'>
): void {
  if (channels >= Math.max(mean.length, std.length)) return
  const fault = 'the picture is grey, but mean and std are of three channels; put rgb() before it'
  throw new ImageError('toTensor', fault)
}

/** Prepares what writes a picture's floats, which throws an ImageError for a grey one with statistics of three channels. */
export function toFloats({
  mean,
  std,
  channelOrder
}: ToTensor): (picture: Picture, out: Float32Array) => void {
  const greys = normalizedLevels(mean[0], std[0])
  const [red, blue] = channelOrder === 'bgr' ? [2, 0] : [0, 2]
  const planes = [red, 1, blue].map((channel, plane) => ({
    channel,
    mean: mean[mean.length === 1 ? 0 : plane],
    std: std[std.length === 1 ? 0 : plane]
  }))
  return (picture, out) => {
    checkStatistics({ mean, std }, picture)
    const { channels, data } = picture
    if (channels === 1) for (let at = 0; at < out.length; at++) out[at] = greys[data[at]]
    else writePlanes(out, data, planes)
  }
}

/** `(byte / 255 − mean) / std` of every byte, rounded to float32 at each step, as in torch. */
export function normalizedLevels(mean: number, std: number): Float32Array {
  const { fround } = Math
  return Float32Array.from({ length: 256 }, (_, byte) =>
    fround(fround(fround(byte / 255) - fround(mean)) / fround(std))
  )
}

type Plane = Readonly<Record<'channel' | 'mean' | 'std', number>>

// Source bytes and floats fill about a strip and a half.
const STRIP_PIXELS = STRIP_BYTES >> 2

function writePlanes(floats: Float32Array, data: Uint8Array, planes: readonly Plane[]): void {
  const pixels = floats.length / 3
  const most = Math.min(pixels, STRIP_PIXELS)
  const { bytes, floats: made, at, plane: normalize } = passesOn(most * 3, most * 4)
  const [sourceAt, targetAt] = at
  for (let pixel = 0; pixel < pixels; pixel += most) {
    const count = Math.min(most, pixels - pixel)
    bytes.set(data.subarray(pixel * 3, (pixel + count) * 3), sourceAt)
    for (const [plane, { channel, mean, std }] of planes.entries()) {
      const from = sourceAt + channel
      normalize(from, from + count * 3, targetAt, mean, std)
      floats.set(made.subarray(targetAt / 4, targetAt / 4 + count), plane * pixels + pixel)
    }
  }
}

const RANDOM_ERASING = {
  name: field.named('randomErasing'),
  /** Probability; default 0.5. */
  p: field.probability,
  /** Range of the relative area; default 0.02 to 0.33. */
  scale: field.interval(0, 1),
  /** Range of height / width; default 0.3 to 3.3. */
  ratio: field.ratio,
  value: (given: unknown, path: string): readonly number[] | 'random' =>
    given === 'random' ? given : list(field.value, 1, 3)(given, path)
}

/** A step made by `randomErasing`. */
export interface RandomErasing extends field.StepOf<typeof RANDOM_ERASING> {}

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends Partial<Omit<RandomErasing, 'name' | 'value'>> {
  /** Fill: one number, one per channel, or standard normal noise; default 0. */
  readonly value?: number | RandomErasing['value']
}

export const readRandomErasing = record<RandomErasing>(RANDOM_ERASING)

/** Planar floats. Shape: (channels, height, width). */
type Planes = Readonly<Record<'channels' | 'height' | 'width', number>> & { readonly data: Float32Array }

/**
 * Erases a rectangle with probability `p`, after `toTensor` (torchvision: `RandomErasing`).
 *
 * From Random Erasing Data Augmentation, Zhong et al. 2017, https://arxiv.org/abs/1708.04896
 * @throws ImageError when an option is unknown or out of range.
 */
export function randomErasing(options: RandomErasingOptions = {}): RandomErasing {
  const { value = 0, ...others } = field.givenIn('randomErasing', options)
  const step = {
    name: 'randomErasing',
    p: 0.5,
    scale: [0.02, 0.33],
    ratio: [0.3, 3.3],
    value: typeof value === 'number' ? [value] : value
  }
  return field.makeStep(readRandomErasing, 'randomErasing', step, others)
}

/** Applies a `RandomErasing` in place. @throws ImageError unless there is one value, or one per channel. */
export function eraseRandomly(planes: Planes, transform: RandomErasing, generator: RandomGenerator): void {
  if (!chance(generator, transform.p)) return
  const { data, channels, height, width } = planes
  const { value } = transform
  if (value !== 'random' && value.length !== 1 && value.length !== channels) {
    throw new ImageError(
      'randomErasing',
      `${thereAre(value.length, 'value', 'values')} for ${counted(channels, 'channel', 'channels')}`
    )
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
