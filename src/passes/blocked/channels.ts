// Arithmetic per channel on blocked images. A depthwise 1×1 convolution is scale, shift, sum and activation in one pass over memory,
// and a depthwise one whose kernel is another image is the sum of their product over each channel's places.
import * as F from '../../ir/functional/index.js'
import { apply } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { convolved, filled, type ConvolvedOptions } from './convolved.js'
import type { Layout } from './layout.js'

interface AffineOptions extends Pick<ConvolvedOptions, 'shift' | 'sum' | 'padding' | 'activation'> {
  /** Per channel; default 1. */
  readonly scale?: Value | undefined
}

/** `activation(x · scale + sum + shift)`: scale and shift are (C), x is blocked. */
export function affine(layout: Layout, x: Value, options: AffineOptions = {}): Value {
  const { scale, ...rest } = options
  const channels = Number(x.shape[1])
  const kernels = F.reshape(scale ?? filled(layout, channels, 1), [channels, 1, 1, 1])
  return convolved(layout, x, kernels, { ...rest, groups: channels })
}

/** The same with a scale and shift per item and channel, (N·C): the items' channels lie one after another. */
export function affinePerItem(layout: Layout, x: Value, options: AffineOptions): Value {
  const [items, channels, ...size] = x.shape.map(Number)
  const asOne = F.reshape(x, [1, items * channels, ...size])
  return F.reshape(affine(layout, asOne, options), [items, channels, ...size])
}

// Times a positive normal number it is at least 1, and the result is cut there.
const LARGE = 3e38

/** 1 where x is above zero, 0 elsewhere; between, for what is closer to zero than a normal number. */
export function mask(layout: Layout, x: Value): Value {
  return affine(layout, x, { scale: filled(layout, Number(x.shape[1]), LARGE), activation: 'clip' })
}

/** The mean of each item's channels, (N, C). */
export function meanPerItem(layout: Layout, x: Value): Value {
  const means = layout.once(`mean ${x.id}`, () => apply('blockedMean', [x], { block: layout.block }))
  return F.reshape(means, x.shape.slice(0, 2))
}

/** The sum of a · b over the places of each item's channels, (N, C). */
export function dotPerItem(layout: Layout, a: Value, b: Value): Value {
  const [items, channels, height, width] = a.shape.map(Number)
  const [all, places] = [items * channels, height * width]
  // In blocks an image is laid out as the kernel of a depthwise convolution.
  const kernels = F.reshape(b, [all, 1, 1, places])
  const products = convolved(layout, F.reshape(a, [1, all, 1, places]), kernels, { groups: all })
  return F.reshape(products, [items, channels])
}
