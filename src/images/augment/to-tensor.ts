// From levels to the floats a network is trained on.
import { ImageError } from '../image-error.js'
import { normalization, normalizedLevels, normalizeInto, type PerChannel } from '../normalize.js'
import type { Picture } from '../picture.js'
import { checkImageOptions, STATISTIC } from './check.js'

/** What `toTensor` makes. */
export interface ToTensor {
  readonly name: 'toTensor'
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** Of each channel, or one number for all, in 0 … 1. */
export interface ChannelStatistics {
  /** Default 0. */
  readonly mean?: readonly number[]
  /** Default 1. */
  readonly std?: readonly number[]
}

/**
 * Levels to floats in planes, normalised (torchvision: `ToTensor` and `Normalize`).
 *
 * Without statistics, floats are from 0 to 1.
 * @throws ImageError when there is not one mean and one deviation, or three, or a deviation is zero.
 */
export function toTensor(options: ChannelStatistics = {}): ToTensor {
  checkImageOptions('toTensor', options, { mean: STATISTIC, std: STATISTIC })
  const { mean = [0], std = [1] } = options
  for (const { length } of [mean, std]) {
    if (length === 1 || length === 3) continue
    throw new ImageError('toTensor', `there is one mean and one deviation, or three, got ${length}`)
  }
  const transform: ToTensor = { name: 'toTensor', mean: [...mean], std: [...std] }
  toFloats(transform)
  return transform
}

/**
 * Writes a picture's floats.
 *
 * Shape: (H, W, channels) → (channels, H, W).
 * @throws ImageError when the picture is grey, and there are statistics of three channels.
 */
export type ToFloats = (picture: Picture, out: Float32Array) => void

/**
 * Prepares what a `ToTensor` says.
 * @throws ImageError when a deviation is zero or a number is not finite.
 */
export function toFloats({ mean, std }: ToTensor): ToFloats {
  const statistics = normalization(three(mean), three(std))
  const greys = normalizedLevels(mean[0], std[0])
  return ({ channels, data }, out) => {
    if (channels < Math.max(mean.length, std.length)) {
      throw new ImageError('toTensor', 'the picture is grey, but the statistics are of three channels')
    }
    if (channels === 1) for (let at = 0; at < out.length; at++) out[at] = greys[data[at]]
    else normalizeInto(out, data, statistics)
  }
}

function three(values: readonly number[]): PerChannel {
  return values.length === 1 ? [values[0], values[0], values[0]] : [values[0], values[1], values[2]]
}
