// One blocked convolution, of which what is usual is left out.
import { apply, constant } from '../../ir/operand.js'
import type { Activation, Convolution, Value } from '../../ir/ops.js'
import { Tensor } from '../../tensor/tensor.js'
import type { Layout } from './layout.js'

/** A convolution that leaves the places where they are. */
export const UNMOVED: Convolution = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 }

export interface ConvolvedOptions extends Partial<Convolution> {
  /** Per channel; default 0. */
  readonly shift?: Value | undefined
  /** An image that is added; default none. */
  readonly sum?: Value | undefined
  readonly activation?: Activation
}

/** `activation(conv2d(image, kernels) + sum + shift)`. @param kernels as `blockedConv2d` wants them. */
export function convolved(
  layout: Layout,
  image: Value,
  kernels: Value,
  { shift, sum, ...convolution }: ConvolvedOptions = {}
): Value {
  const operands = [image, kernels, shift ?? filled(layout, Number(kernels.shape[0]), 0)] as const
  return apply('blockedConv2d', sum ? [...operands, sum] : operands, {
    ...UNMOVED,
    activation: 'none',
    ...convolution,
    block: layout.block
  })
}

/** A vector with one number for each channel. */
export function filled(layout: Layout, channels: number, value: number): Value {
  const make = (): Value =>
    constant(new Tensor(new Float32Array(channels).fill(value), [channels], 'float32'))
  return layout.once(`filled ${channels} ${value}`, make)
}
