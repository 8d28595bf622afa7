// Gradients of products. A convolution and its two transposes are the partial derivatives of one trilinear form, so each
// is a gradient of the other two.
import { apply } from '../ir/operand.js'
import * as F from '../ir/functional/index.js'
import type { Convolution, Pair, Value } from '../ir/ops.js'
import { staticDim } from '../ir/shape.js'
import type { Rules } from './rule.js'

function imageSize({ shape }: Value): Pair {
  return [staticDim('convTranspose2d', shape, 2), staticDim('convTranspose2d', shape, 3)]
}

/** The gradient of a convolution by its image x, from y and weight. */
function toImage(x: Value, weight: Value, y: Value, convolution: Convolution): Value {
  return apply('convTranspose2d', [y, weight], { ...convolution, size: imageSize(x) })
}

/** The gradient of a convolution by its weight, from x and y. */
function toWeight(x: Value, weight: Value, y: Value, convolution: Convolution): Value {
  return apply('conv2dWeight', [x, y], { ...convolution, kernel: imageSize(weight) })
}

/** Merges all leading axes: (…, n) → (rows, n). */
function asMatrix(value: Value): Value {
  const last = staticDim('linear', value.shape, value.shape.length - 1)
  return F.reshape(value, [-1, last])
}

/** The rules of matrix products, convolutions and batch normalisation. */
export const PRODUCT_RULES: Rules<
  'matmul' | 'linear' | 'conv2d' | 'convTranspose2d' | 'conv2dWeight' | 'batchNorm'
> = {
  matmul: ({ inputs: [a, b], gradient }) => [
    () => F.matmul(gradient, F.transpose(b, -2, -1)),
    () => F.matmul(F.transpose(a, -2, -1), gradient)
  ],

  linear: ({ inputs: [x, weight], gradient }) => [
    () => F.reshape(F.matmul(asMatrix(gradient), weight), x.shape),
    () => F.matmul(F.transpose(asMatrix(gradient), 0, 1), asMatrix(x)),
    () => gradient
  ],

  conv2d: ({ inputs: [x, weight], attributes, gradient }) => [
    () => toImage(x, weight, gradient, attributes),
    () => toWeight(x, weight, gradient, attributes),
    () => F.sum(gradient, [0, 2, 3])
  ],
  convTranspose2d: ({ inputs: [y, weight], attributes: { size: _, ...convolution }, gradient }) => [
    () => apply('conv2d', [gradient, weight], convolution),
    () => toWeight(gradient, weight, y, convolution)
  ],
  conv2dWeight: ({ inputs: [x, y], attributes: { kernel: _, ...convolution }, gradient }) => [
    () => toImage(x, gradient, y, convolution),
    () => apply('conv2d', [x, gradient], convolution)
  ],

  // y = (x − μ)·r·γ + β with r = 1 / √(σ² + ε)
  batchNorm({ inputs: [x, scale, , mean, variance], attributes: { eps }, gradient }) {
    const others = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
    const perChannel = (value: Value): Value =>
      F.reshape(value, [-1, ...Array.from({ length: x.shape.length - 2 }, () => 1)])
    const inverseDeviation = F.div(1, F.sqrt(F.add(variance, eps)))
    const slope = F.mul(scale, inverseDeviation)
    const toShift = F.sum(gradient, others)
    const toScale = F.mul(F.sub(F.sum(F.mul(gradient, x), others), F.mul(mean, toShift)), inverseDeviation)
    return [
      () => F.mul(gradient, perChannel(slope)),
      () => toScale,
      () => toShift,
      () => F.neg(F.mul(slope, toShift)),
      () => F.mul(F.mul(F.mul(slope, inverseDeviation), toScale), -0.5)
    ]
  }
}
