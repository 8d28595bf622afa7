// The base of all image normalisations. Code that looks for the normalisation after a convolution checks for this class.
import { reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'
import type { Parameter } from '../parameter.js'

/** Normalises images (N, channels, H, W) and keeps their shape. */
export abstract class Normalisation extends Module {
  abstract readonly channels: number
}

/** A per-channel parameter that broadcasts over images: (C) → (1, C, 1, 1). */
export function perChannel(parameter: Parameter): Value {
  return reshape(parameter, [1, ...parameter.shape, 1, 1])
}
