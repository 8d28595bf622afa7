// Gradients of pooling.
import { apply, constant } from '../ir/operand.js'
import * as F from '../ir/functional/index.js'
import type { Ops, Pair, Value } from '../ir/ops.js'
import { staticDim } from '../ir/shape.js'
import { ones, Tensor } from '../tensor/tensor.js'
import type { Rules } from './rule.js'

type AveragePooling = Ops['avgPool2d']['attributes']

/** The rules of pooling. */
export const POOLING_RULES: Rules<'maxPool2d' | 'maxUnpool2d' | 'maxPool2dAt' | 'avgPool2d'> = {
  maxPool2d: ({ inputs: [x], attributes, gradient }) => [
    () => apply('maxUnpool2d', [x, gradient], attributes)
  ],
  // The positions of the maxima are piecewise constant in x.
  maxUnpool2d: ({ inputs: [x], attributes, gradient }) => [
    undefined,
    () => apply('maxPool2dAt', [x, gradient], attributes)
  ],
  maxPool2dAt: ({ inputs: [x], attributes, gradient }) => [
    undefined,
    () => apply('maxUnpool2d', [x, gradient], attributes)
  ],

  // Average pooling is a depthwise convolution with equal weights.
  avgPool2d: ({ inputs: [x], attributes, output, gradient }) => [
    () => {
      const { kernel, stride, padding } = attributes
      const channels = staticDim('avgPool2d', x.shape, 1)
      const size: Pair = [staticDim('avgPool2d', x.shape, 2), staticDim('avgPool2d', x.shape, 3)]
      const windows = constant(ones([channels, 1, ...kernel]))
      const shares = F.div(gradient, constant(windowCounts(output, size, attributes)))
      return apply('convTranspose2d', [shares, windows], {
        stride,
        padding,
        dilation: [1, 1],
        groups: channels,
        size
      })
    }
  ]
}

/** The divisor of each window's sum. Shape: (H', W'). */
function windowCounts(output: Value, size: Pair, pooling: AveragePooling): Tensor<'float32'> {
  const along = (axis: 0 | 1): number[] => {
    const { kernel, stride, padding, countIncludePad } = pooling
    return Array.from({ length: staticDim('avgPool2d', output.shape, axis + 2) }, (_, i) => {
      const start = i * stride[axis] - padding[axis]
      const inside = Math.min(size[axis], start + kernel[axis]) - Math.max(0, start)
      return countIncludePad ? kernel[axis] : inside
    })
  }
  const [rows, columns] = [along(0), along(1)]
  const counts = rows.flatMap(row => columns.map(column => row * column))
  return new Tensor(Float32Array.from(counts), [rows.length, columns.length], 'float32')
}
