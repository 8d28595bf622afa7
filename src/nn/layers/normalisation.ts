// The base of all normalisations of images. Code that looks for the normalisation after a convolution asks for this class,
// so a new normalisation is recognised everywhere.
import { reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'
import type { Parameter } from '../parameter.js'

/** Normalises images (N, channels, H, W) and keeps their shape. */
export abstract class Normalisation extends Module {
  /** The channels that it takes. */
  abstract readonly channels: number
}

/** One number for each channel of an image, in a shape that stretches over it: (C) → (1, C, 1, 1). */
export function perChannel(parameter: Parameter): Value {
  return reshape(parameter, [1, ...parameter.shape, 1, 1])
}
