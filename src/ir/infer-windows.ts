// Shape inference for convolutions, their transposes, and pooling.
import { counted } from '../base/figures.js'
import { ShapeError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import type { Convolution, MaxPooling, OpName, Ops, OutputType, Pair, Value } from './ops.js'
import { sameShape, type Shape, staticDim } from './shape.js'

/** Infers an op's output. */
export type Rule<K extends OpName> = (
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes'],
  op: K
) => OutputType

export function rank4(op: OpName, ...values: readonly Value[]): void {
  const other = values.find(({ shape }) => shape.length !== 4)
  if (other)
    throw new ShapeError(`${op}: expected an input of shape [N, C, H, W], got ${formatShape(other.shape)}`)
}

/** The spatial size after sliding a window, in floor mode. */
function slide(op: OpName, image: Shape, { kernel, stride, padding, dilation }: MaxPooling): Pair {
  const steps = [...kernel, ...stride, ...dilation]
  if (![...steps, ...padding].every(Number.isInteger) || Math.min(...steps) < 1 || Math.min(...padding) < 0) {
    throw new ShapeError(
      `${op}: kernel ${formatShape(kernel)}, stride ${formatShape(stride)} and dilation ${formatShape(dilation)} must be positive integers, padding ${formatShape(padding)} non-negative integers`
    )
  }
  const along = (axis: 0 | 1): number => {
    const size = staticDim(op, image, axis + 2) + padding[axis] + padding[axis + 2]
    const reach = dilation[axis] * (kernel[axis] - 1) + 1
    if (size < reach) {
      throw new ShapeError(
        `${op}: a window of ${reach} does not fit into ${axis === 0 ? counted(size, 'row', 'rows') : counted(size, 'column', 'columns')} of ${formatShape(image)}, padding included`
      )
    }
    return Math.floor((size - reach) / stride[axis]) + 1
  }
  return [along(0), along(1)]
}

export function requireShape(op: OpName, what: string, value: Value, expected: Shape): void {
  if (!sameShape(value.shape, expected)) {
    throw new ShapeError(
      `${op}: expected ${what} of shape ${formatShape(expected)}, got ${formatShape(value.shape)}`
    )
  }
}

export function convolved(op: OpName, x: OutputType, weight: Shape, convolution: Convolution): OutputType {
  const { groups } = convolution
  const channels = staticDim(op, x.shape, 1)
  const [out, perGroup] = [staticDim(op, weight, 0), staticDim(op, weight, 1)]
  const kernel: Pair = [staticDim(op, weight, 2), staticDim(op, weight, 3)]
  if (out % groups !== 0) {
    throw new ShapeError(
      `${op}: weight ${formatShape(weight)} has ${counted(out, 'output channel', 'output channels')}, not divisible into ${counted(groups, 'group', 'groups')}`
    )
  }
  if (channels !== perGroup * groups) {
    throw new ShapeError(
      `${op}: input ${formatShape(x.shape)} has ${counted(channels, 'channel', 'channels')}, but weight ${formatShape(weight)} with ${counted(groups, 'group', 'groups')} expects ${perGroup * groups}`
    )
  }
  return { dtype: x.dtype, shape: [x.shape[0], out, ...slide(op, x.shape, { ...convolution, kernel })] }
}

export function requireConvolved(
  op: OpName,
  y: Value,
  x: OutputType,
  weight: Shape,
  convolution: Convolution
): void {
  const { shape } = convolved(op, x, weight, convolution)
  requireShape(op, `an output of ${formatShape(x.shape)} convolved with ${formatShape(weight)}`, y, shape)
}

export function pooled(op: OpName, x: Value, pooling: MaxPooling): OutputType {
  rank4(op, x)
  return { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...slide(op, x.shape, pooling)] }
}
