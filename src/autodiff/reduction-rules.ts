// Gradients of reductions and softmax. Reduced axes are restored with size 1; the driver broadcasts them.
import * as F from '../ir/functional/index.js'
import type { Ops, Value } from '../ir/ops.js'
import { staticDim } from '../ir/shape.js'
import type { Rules } from './rule.js'

/** Restores reduced axes with size 1. */
function keepingAxes(reduced: Value, x: Value, { axes, keepDims }: Ops['sum']['attributes']): Value {
  if (keepDims) return reduced
  return F.reshape(
    reduced,
    x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  )
}

/** The number of elements that are reduced to one. */
function countReduced(op: string, x: Value, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * staticDim(op, x.shape, axis), 1)
}

/** The rules of reductions. */
export const REDUCTION_RULES: Rules<'sum' | 'mean' | 'max' | 'variance' | 'softmax'> = {
  sum: ({ inputs: [x], attributes, gradient }) => [() => keepingAxes(gradient, x, attributes)],

  mean: ({ inputs: [x], attributes, gradient }) => [
    () => F.div(keepingAxes(gradient, x, attributes), countReduced('mean', x, attributes.axes))
  ],

  max: ({ inputs: [x], attributes, output, gradient }) => [
    () => {
      // Equal maxima share the gradient, as in torch's amax.
      const isLargest = F.sub(1, F.heaviside(F.sub(keepingAxes(output, x, attributes), x)))
      const share = F.div(isLargest, F.sum(isLargest, attributes.axes, { keepDim: true }))
      return F.mul(keepingAxes(gradient, x, attributes), share)
    }
  ],

  // 2 / n · (x − mean), as two parts: the driver adds the second, which is small, to other small ones first.
  variance: ({ inputs: [x], attributes, gradient }) => [
    () => {
      const { axes } = attributes
      const slope = F.div(F.mul(keepingAxes(gradient, x, attributes), 2), countReduced('variance', x, axes))
      return [F.mul(x, slope), F.neg(F.mul(F.mean(x, axes, { keepDim: true }), slope))]
    }
  ],

  softmax: ({ attributes: { axis }, output, gradient }) => [
    () => F.mul(output, F.sub(gradient, F.sum(F.mul(gradient, output), axis, { keepDim: true })))
  ]
}
