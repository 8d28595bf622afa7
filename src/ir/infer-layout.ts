// Shape inference for the ops of the layout pass.
import { ShapeError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import { convolved, pooled, rank4, requireShape, type Rule } from './infer-windows.js'
import type { Blocked, LayoutOp, OpName, OutputType, Value } from './ops.js'
import { staticDim } from './shape.js'

/** Whole blocks of float32. */
function blocked(op: OpName, value: Value, { block }: Blocked): OutputType {
  rank4(op, value)
  const areWhole = staticDim(op, value.shape, 1) % block === 0
  requireBlocks(op, value, areWhole && value.dtype === 'float32', block)
  return { dtype: value.dtype, shape: value.shape }
}

function requireBlocks(op: OpName, { dtype, shape }: Value, areWhole: boolean, block: number): void {
  if (!areWhole) throw new ShapeError(`${op}: expected blocks of ${block}, got ${dtype}${formatShape(shape)}`)
}

export const LAYOUT_RULES: { readonly [K in LayoutOp]: Rule<K> } = {
  take([x], { axis, places }) {
    const size = staticDim('take', x.shape, axis)
    const outside = places.find(place => !Number.isInteger(place) || place < 0 || place >= size)
    if (outside !== undefined)
      throw new ShapeError(`take: ${outside} is no place on axis ${axis} of ${formatShape(x.shape)}`)
    return { dtype: x.dtype, shape: x.shape.with(axis, places.length) }
  },

  toBlocked: ([x], attributes) => blocked('toBlocked', x, attributes),
  fromBlocked: ([x], attributes) => blocked('fromBlocked', x, attributes),

  blockedConv2d(inputs, { block, ...convolution }) {
    const [x, weight, bias, sum] = inputs
    const op = 'blockedConv2d'
    rank4(op, x, weight)
    const channels = staticDim(op, x.shape, 1)
    if (channels >= block) blocked(op, x, { block })
    const output = convolved(op, x, weight.shape, convolution)
    const { groups } = convolution
    const isDepthwise = groups === channels && output.shape[1] === channels
    const areBlocks = groups === 1 || (channels / groups) % block === 0
    const step = isDepthwise ? block : groups * block
    requireBlocks(op, weight, (isDepthwise || areBlocks) && Number(output.shape[1]) % step === 0, block)
    requireShape(op, 'a bias', bias, [output.shape[1]])
    if (sum) requireShape(op, 'a sum', sum, output.shape)
    return output
  },

  blockedMaxPool2d([x], { block, ...pooling }) {
    blocked('blockedMaxPool2d', x, { block })
    return pooled('blockedMaxPool2d', x, pooling)
  },

  blockedMean([x], attributes) {
    const { dtype, shape } = blocked('blockedMean', x, attributes)
    return { dtype, shape: [...shape.slice(0, 2), 1, 1] }
  }
}
