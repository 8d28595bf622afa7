import { oneOf } from '../../base/options.js'
import { checkedBy, optional, record } from '../../base/schema.js'
import { ImageError, type Picture } from '../picture.js'
import { passesOn, STRIP_BYTES } from '../simd/passes.js'
import { makeStep, deviation, perChannel, value } from './options.js'

/** A step made by `toTensor`. */
export interface ToTensor {
  readonly name: 'toTensor'
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly channelOrder?: ChannelOrder
}

/** Channel order of a network's input: RGB, or BGR as in OpenCV and Caffe. */
export type ChannelOrder = 'rgb' | 'bgr'

/** Options of `toTensor`. */
export interface ToTensorOptions {
  /** Mean of each channel in 0 … 1, or one for all; default 0. */
  readonly mean?: readonly number[]
  /** Standard deviation of each channel in 0 … 1, or one for all; default 1. */
  readonly std?: readonly number[]
  /** Order of the output's channels, `mean` and `std`; default 'rgb'. */
  readonly channelOrder?: ChannelOrder
}

export const readToTensor = record<ToTensor>({
  name: checkedBy(oneOf('toTensor')),
  mean: perChannel(value),
  std: perChannel(deviation),
  channelOrder: optional(checkedBy(oneOf('rgb', 'bgr')))
})

/**
 * Converts levels to normalised floats (torchvision: `ToTensor` and `Normalize`); by default in 0 … 1.
 * @throws ImageError when an option is unknown or out of range.
 */
export function toTensor(options: ToTensorOptions = {}): ToTensor {
  return makeStep(readToTensor, 'toTensor', { name: 'toTensor', mean: [0], std: [1] }, options)
}

/**
 * Writes a picture's floats. Shape: (H, W, channels) → (channels, H, W).
 * @throws ImageError for a grey picture with statistics of three channels.
 */
export type ToFloats = (picture: Picture, out: Float32Array) => void

/** Prepares a `ToTensor`. */
export function toFloats({ mean, std, channelOrder }: ToTensor): ToFloats {
  const greys = normalizedLevels(mean[0], std[0])
  const [red, blue] = channelOrder === 'bgr' ? [2, 0] : [0, 2]
  const planes = [red, 1, blue].map((channel, plane) => ({
    channel,
    mean: mean[mean.length === 1 ? 0 : plane],
    std: std[std.length === 1 ? 0 : plane]
  }))
  return ({ channels, data }, out) => {
    if (channels < Math.max(mean.length, std.length)) {
      throw new ImageError(
        'toTensor',
        'the picture is grey, but mean and std are of three channels; put rgb() before it'
      )
    }
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

interface Plane {
  /** Its index in interleaved pixels. */
  readonly channel: number
  readonly mean: number
  readonly std: number
}

// Source bytes and floats fill about a strip and a half.
const STRIP_PIXELS = STRIP_BYTES >> 2

/** Writes interleaved RGB as planes of floats. */
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
