// Arithmetic per channel on blocked images. A depthwise 1×1 convolution is scale, shift, sum and activation in one pass over memory,
// and a depthwise one whose kernel is another image is the sum of their product over each channel's places.
import * as F from '../../ir/functional/index.js'
import { apply, constant } from '../../ir/operand.js'
import type { Activation, Padding, Value } from '../../ir/ops.js'
import { Tensor } from '../../tensor/tensor.js'
import type { Layout } from './layout.js'

interface AffineOptions {
  /** Per channel; default 1. */
  readonly scale?: Value | undefined
  /** Per channel; default 0. */
  readonly shift?: Value | undefined
  /** An image that is added; default none. */
  readonly sum?: Value
  readonly padding?: Padding
  readonly activation?: Activation
}

const NO_PADDING: Padding = [0, 0, 0, 0]

/** `activation(x · scale + sum + shift)`: scale and shift are (C), x is blocked. */
export function affine(layout: Layout, x: Value, options: AffineOptions = {}): Value {
  const { sum, padding = NO_PADDING, activation = 'none' } = options
  const channels = Number(x.shape[1])
  const scale = options.scale ?? filled(layout, channels, 1)
  const shift = options.shift ?? filled(layout, channels, 0)
  const operands = [x, F.reshape(scale, [channels, 1, 1, 1]), shift] as const
  return apply('blockedConv2d', sum ? [...operands, sum] : operands, {
    stride: [1, 1],
    padding,
    dilation: [1, 1],
    groups: channels,
    block: layout.block,
    activation
  })
}

/** A vector with one number for each channel. */
export function filled(layout: Layout, channels: number, value: number): Value {
  const make = (): Value =>
    constant(new Tensor(new Float32Array(channels).fill(value), [channels], 'float32'))
  return layout.once(`filled ${channels} ${value}`, make)
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
  const products = apply(
    'blockedConv2d',
    [
      F.reshape(a, [1, all, 1, places]),
      // In blocks an image is laid out as the kernel of a depthwise convolution.
      F.reshape(b, [all, 1, 1, places]),
      filled(layout, all, 0)
    ],
    {
      stride: [1, 1],
      padding: NO_PADDING,
      dilation: [1, 1],
      groups: all,
      block: layout.block,
      activation: 'none'
    }
  )
  return F.reshape(products, [items, channels])
}
