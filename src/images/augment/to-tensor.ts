// From levels to the floats a network is trained on.
import { ImageError } from '../image-error.js'
import { normalizeTable, type NormalizeTable } from '../normalize.js'
import type { Picture } from '../picture.js'

/** What `toTensor` makes. */
export interface ToTensor {
  readonly name: 'toTensor'
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** Of each channel, or one number for all, in 0 … 1. */
export interface Statistics {
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
export function toTensor({ mean = [0], std = [1] }: Statistics = {}): ToTensor {
  for (const { length } of [mean, std]) {
    if (length === 1 || length === 3) continue
    throw new ImageError('toTensor', `there is one mean and one deviation, or three, got ${length}`)
  }
  const transform: ToTensor = { name: 'toTensor', mean: [...mean], std: [...std] }
  floatsOf(transform)
  return transform
}

/** What each level becomes in each of three channels; grey is like the first. */
export function floatsOf({ mean, std }: ToTensor): NormalizeTable {
  const three = (values: readonly number[]): readonly [number, number, number] =>
    values.length === 1 ? [values[0], values[0], values[0]] : [values[0], values[1], values[2]]
  return normalizeTable(three(mean), three(std))
}

/**
 * Writes a picture's floats into `out`.
 *
 * Shape: (H, W, channels) → (channels, H, W).
 * @throws ImageError when the picture is grey, and there are statistics of three channels.
 */
export function toFloats(
  { width, height, channels, data }: Picture,
  { mean, std }: ToTensor,
  table: NormalizeTable,
  out: Float32Array
): void {
  if (channels < Math.max(mean.length, std.length)) {
    throw new ImageError('toTensor', 'the picture is grey, but the statistics are of three channels')
  }
  const plane = width * height
  if (channels === 1) {
    for (let at = 0; at < plane; at++) out[at] = table[data[at]]
    return
  }
  for (let red = 0, green = plane, blue = 2 * plane, at = 0; red < plane; red++, green++, blue++, at += 3) {
    out[red] = table[data[at]]
    out[green] = table[256 + data[at + 1]]
    out[blue] = table[512 + data[at + 2]]
  }
}
