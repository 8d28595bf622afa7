// One gradient rule per op. The table is exhaustive by its type, so an op without a rule does not compile.
import * as F from '../ir/functional/index.js'
import { apply, constant } from '../ir/operand.js'
import type { Convolution, GraphNode, NetworkOp, Ops, Pair, Value } from '../ir/ops.js'
import { staticDim } from '../ir/shape.js'
import { ones, Tensor } from '../tensor/tensor.js'

/** An application of an op, and the gradient by its output, which has the output's shape. */
type Application<K extends NetworkOp> = Pick<GraphNode<K>, 'inputs' | 'attributes'> &
  Readonly<Record<'output' | 'gradient', Value>>

/**
 * Computes the gradient by an input: one value, or several that are added. Each may have the input's shape or broadcast
 * with it; the driver sums or expands it. Called only if the input's gradient is needed.
 */
type Part = () => Value | readonly Value[]

/** One part per input, in order; `undefined` if the output is constant or piecewise constant in the input. */
export type Rule<K extends NetworkOp> = (application: Application<K>) => readonly (Part | undefined)[]

/** The rules of all ops. */
export const RULES: { readonly [K in NetworkOp]: Rule<K> } = {
  neg: ({ gradient }) => [() => F.neg(gradient)],
  abs: ({ inputs: [x], gradient }) => [() => F.mul(gradient, F.sub(F.heaviside(x), F.heaviside(F.neg(x))))],
  exp: ({ output, gradient }) => [() => F.mul(gradient, output)],
  log: ({ inputs: [x], gradient }) => [() => F.div(gradient, x)],
  sqrt: ({ output, gradient }) => [() => F.div(gradient, F.mul(output, 2))],
  tanh: ({ output, gradient }) => [() => F.mul(gradient, F.sub(1, F.mul(output, output)))],
  erf: ({ inputs: [x], gradient }) => [
    () => F.mul(gradient, F.mul(F.exp(F.neg(F.mul(x, x))), 2 / Math.sqrt(Math.PI)))
  ],
  sigmoid: ({ output, gradient }) => [() => F.mul(gradient, F.mul(output, F.sub(1, output)))],
  // The output is positive exactly where the input is; using the output allows the input to be freed.
  relu: ({ output, gradient }) => [() => F.mul(gradient, F.heaviside(output))],
  heaviside: () => [undefined],

  add: ({ gradient }) => [() => gradient, () => gradient],
  sub: ({ gradient }) => [() => gradient, () => F.neg(gradient)],
  mul: ({ inputs: [a, b], gradient }) =>
    // For a square, one product instead of two.
    a === b
      ? [() => F.mul(F.mul(gradient, 2), a), undefined]
      : [() => F.mul(gradient, b), () => F.mul(gradient, a)],
  div: ({ inputs: [, b], output, gradient }) => [
    () => F.div(gradient, b),
    () => F.neg(F.div(F.mul(gradient, output), b))
  ],
  maximum: ({ inputs: [a, b], gradient }) => [
    () => F.mul(gradient, winner(a, b)),
    () => F.mul(gradient, winner(b, a))
  ],
  minimum: ({ inputs: [a, b], gradient }) => [
    () => F.mul(gradient, winner(b, a)),
    () => F.mul(gradient, winner(a, b))
  ],

  cast: ({ inputs: [x], output, gradient }) => [
    isFloat(x) && isFloat(output) ? () => F.cast(gradient, x.dtype) : undefined
  ],

  // Reduced axes are restored with size 1; the driver broadcasts them.
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
  ],

  matmul: ({ inputs: [a, b], gradient }) => [
    () => F.matmul(gradient, F.transpose(b, -2, -1)),
    () => F.matmul(F.transpose(a, -2, -1), gradient)
  ],

  linear: ({ inputs: [x, weight], gradient }) => [
    () => F.reshape(F.matmul(asMatrix(gradient), weight), x.shape),
    () => F.matmul(F.transpose(asMatrix(gradient), 0, 1), asMatrix(x)),
    () => gradient
  ],

  // A convolution and its two transposes are partial derivatives of one trilinear form: each is a gradient of the others.
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
  },

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
      const size = imageSize(x)
      const windows = constant(ones([channels, 1, ...kernel]))
      const shares = F.div(gradient, constant(windowCounts(output, size, attributes)))
      const convolution = { stride, padding, dilation: [1, 1], groups: channels } as const
      return apply('convTranspose2d', [shares, windows], { ...convolution, size })
    }
  ],

  // The gradients of shaping ops are the inverse movements.
  reshape: ({ inputs: [x], gradient }) => [() => apply('reshape', [gradient], { shape: x.shape })],

  permute: ({ attributes: { axes }, gradient }) => [
    () => apply('permute', [gradient], { axes: axes.map((_, axis) => axes.indexOf(axis)) })
  ],

  expand: ({ gradient }) => [() => gradient],

  concat({ inputs, attributes: { axis }, gradient }) {
    let start = 0
    return inputs.map(({ shape }) => {
      const from = start
      start += staticDim('concat', shape, axis)
      const end = start
      return () => F.slice(gradient, axis, from, end)
    })
  },

  pad: ({ inputs: [x], attributes: { before }, gradient }) => [
    () =>
      x.shape.reduce<Value>(
        (value, dim, axis) =>
          value.shape[axis] === dim
            ? value
            : F.slice(value, axis, before[axis], before[axis] + staticDim('pad', x.shape, axis)),
        gradient
      )
  ],

  slice: ({ inputs: [x], attributes, gradient }) => [() => unslice(gradient, x, attributes)]
}

/** 1 where a > b, 0 where a < b, ½ where they are equal: equal operands share the gradient, as in torch. */
function winner(a: Value, b: Value): Value {
  return F.mul(F.add(F.sub(F.heaviside(F.sub(a, b)), F.heaviside(F.sub(b, a))), 1), 0.5)
}

function isFloat({ dtype }: Value): boolean {
  return dtype.includes('float')
}

/** Restores reduced axes with size 1. */
function keepingAxes(reduced: Value, x: Value, { axes, keepDims }: Ops['sum']['attributes']): Value {
  if (keepDims) return reduced
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  return F.reshape(reduced, shape)
}

/** The number of elements that are reduced to one. */
function countReduced(op: string, x: Value, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * staticDim(op, x.shape, axis), 1)
}

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

/** The divisor of each window's sum. Shape: (H', W'). */
function windowCounts(output: Value, size: Pair, pooling: Ops['avgPool2d']['attributes']): Tensor<'float32'> {
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

/** Pads a slice with zeros to its original position. */
function unslice(part: Value, x: Value, { axis, start, step }: Ops['slice']['attributes']): Value {
  const size = staticDim('slice', x.shape, axis)
  const places = staticDim('slice', part.shape, axis)
  const isLast = axis === x.shape.length - 1
  if (step > 1 && isLast && axis > 0 && places * size <= LARGEST_PLACING) {
    const matrix = placing(places, size, start, step)
    return F.matmul(part, part.dtype === 'float32' ? matrix : F.cast(matrix, part.dtype))
  }
  const spread = step === 1 ? part : F.slice(withGaps(part, axis, step), axis, 0, size - start)
  const after = size - start - staticDim('slice', spread.shape, axis)
  return padAxis(spread, axis, start, after)
}

// Gaps along the innermost axis are copied element by element: a product with a small 0/1 matrix takes a fifth of the time.
const LARGEST_PLACING = 2 ** 14

/** Row i has a one at `start + i · step`. Shape: (places, size). */
function placing(places: number, size: number, start: number, step: number): Value {
  const entries = new Float32Array(places * size)
  for (let i = 0; i < places; i++) entries[i * size + start + i * step] = 1
  return constant(new Tensor(entries, [places, size], 'float32'))
}

/** Inserts `step − 1` zeros after every element along an axis. */
function withGaps(value: Value, axis: number, step: number): Value {
  const spread = padAxis(F.unsqueeze(value, axis + 1), axis + 1, 0, step - 1)
  return F.reshape(spread, value.shape.with(axis, staticDim('slice', value.shape, axis) * step))
}

function padAxis(value: Value, axis: number, before: number, after: number): Value {
  const only = (amount: number): number[] => value.shape.map((_, i) => (i === axis ? amount : 0))
  return apply('pad', [value], { before: only(before), after: only(after), value: 0 })
}
