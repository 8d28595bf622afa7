// Shape inference: one rule per op gives the output's dtype and shape, or throws. An op without a rule does not compile.
import { counted } from '../base/figures.js'
import { ShapeError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import { LAYOUT_RULES } from './infer-layout.js'
import { convolved, pooled, rank4, requireConvolved, requireShape, type Rule } from './infer-windows.js'
import {
  BINARY_OPS,
  REDUCTIONS,
  UNARY_OPS,
  type OpName,
  type Ops,
  type OutputType,
  type Value
} from './ops.js'
import { broadcastShapes, countElements, type Dim, isShape, sameShape, staticDim } from './shape.js'

const sameAsInput = ([x]: readonly [Value]): OutputType => ({ dtype: x.dtype, shape: x.shape })

function requireOneDType(op: OpName, [first, ...rest]: readonly Value[]): void {
  const other = rest.find(({ dtype }) => dtype !== first.dtype)
  if (other) throw new ShapeError(`${op}: operands are ${first.dtype} and ${other.dtype}; cast one of them`)
}

function broadcasting([a, b]: readonly [Value, Value], _: object, op: OpName): OutputType {
  return { dtype: a.dtype, shape: broadcastShapes(op, a.shape, b.shape) }
}

function reducing([x]: readonly [Value], { axes, keepDims }: Ops['sum']['attributes']): OutputType {
  const shape = x.shape.flatMap((dim, axis): Dim[] => {
    if (!axes.includes(axis)) return [dim]
    return keepDims ? [1] : []
  })
  return { dtype: x.dtype, shape }
}

function forEach<K extends OpName, R>(ops: readonly K[], rule: R): Record<K, R> {
  return Object.fromEntries(ops.map(op => [op, rule])) as Record<K, R>
}

const RULES: { readonly [K in OpName]: Rule<K> } = {
  ...forEach(UNARY_OPS, sameAsInput),
  ...forEach(BINARY_OPS, broadcasting),
  ...forEach(REDUCTIONS, reducing),
  softmax: sameAsInput,

  matmul([a, b]) {
    const inner = a.shape.at(-1)
    const rows = a.shape.at(-2)
    const columns = b.shape.at(-1)
    if (rows === undefined || columns === undefined || b.shape.length < 2 || inner !== b.shape.at(-2)) {
      throw new ShapeError(`matmul: ${formatShape(a.shape)} and ${formatShape(b.shape)} cannot be multiplied`)
    }
    const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2))
    return { dtype: a.dtype, shape: [...leading, rows, columns] }
  },

  linear(inputs) {
    const [x, weight, bias] = inputs
    const features = x.shape.at(-1)
    if (weight.shape.length !== 2 || features !== weight.shape[1]) {
      throw new ShapeError(
        `linear: input ${formatShape(x.shape)} must end in the ${typeof weight.shape[1] === 'number' ? counted(weight.shape[1], 'feature', 'features') : 'features'} of weight ${formatShape(weight.shape)}`
      )
    }
    if (bias) requireShape('linear', 'a bias', bias, [weight.shape[0]])
    return { dtype: x.dtype, shape: [...x.shape.slice(0, -1), weight.shape[0]] }
  },

  conv2d(inputs, convolution) {
    const [x, weight, bias] = inputs
    rank4('conv2d', x, weight)
    const output = convolved('conv2d', x, weight.shape, convolution)
    if (bias) requireShape('conv2d', 'a bias', bias, [output.shape[1]])
    return output
  },

  convTranspose2d(inputs, { size, ...convolution }) {
    const [y, weight] = inputs
    rank4('convTranspose2d', y, weight)
    const channels = staticDim('convTranspose2d', weight.shape, 1) * convolution.groups
    const image = { dtype: y.dtype, shape: [y.shape[0], channels, ...size] }
    requireConvolved('convTranspose2d', y, image, weight.shape, convolution)
    return image
  },

  conv2dWeight(inputs, { kernel, ...convolution }) {
    const [x, y] = inputs
    rank4('conv2dWeight', x, y)
    const perGroup = staticDim('conv2dWeight', x.shape, 1) / convolution.groups
    const shape = [staticDim('conv2dWeight', y.shape, 1), perGroup, ...kernel]
    requireConvolved('conv2dWeight', y, x, shape, convolution)
    return { dtype: x.dtype, shape }
  },

  batchNorm(inputs) {
    const [x, ...statistics] = inputs
    if (x.shape.length < 2) {
      throw new ShapeError(`batchNorm: expected an input of shape [N, C, …], got ${formatShape(x.shape)}`)
    }
    const channels = staticDim('batchNorm', x.shape, 1)
    for (const value of statistics) {
      requireShape('batchNorm', `one value per channel of ${formatShape(x.shape)}`, value, [channels])
    }
    return sameAsInput([x])
  },

  maxPool2d: ([x], pooling) => pooled('maxPool2d', x, pooling),

  maxUnpool2d([x, y], pooling) {
    const { shape } = pooled('maxUnpool2d', x, pooling)
    requireShape('maxUnpool2d', `an output of pooling ${formatShape(x.shape)}`, y, shape)
    return sameAsInput([x])
  },

  maxPool2dAt([x, z], pooling) {
    requireShape('maxPool2dAt', 'a second operand', z, x.shape)
    return pooled('maxPool2dAt', x, pooling)
  },

  avgPool2d: ([x], pooling) => pooled('avgPool2d', x, { ...pooling, dilation: [1, 1] }),

  reshape([x], { shape }) {
    const from = countElements(x.shape)
    const to = countElements(shape)
    if (!isShape(shape) || from.perItem !== to.perItem || from.batches !== to.batches) {
      throw new ShapeError(`reshape: ${formatShape(x.shape)} cannot become ${formatShape(shape)}`)
    }
    return { dtype: x.dtype, shape }
  },

  permute([x], { axes }) {
    const sorted = [...axes].sort((a, b) => a - b)
    if (axes.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError(
        `permute: [${axes.join(', ')}] is no permutation of the axes of ${formatShape(x.shape)}`
      )
    }
    return { dtype: x.dtype, shape: axes.map(axis => x.shape[axis]) }
  },

  expand([x], { shape }) {
    const offset = shape.length - x.shape.length
    const stretchesToBatch = shape.some((dim, axis) => dim === 'N' && x.shape[axis - offset] !== 'N')
    if (stretchesToBatch || !isShape(shape) || !sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
      throw new ShapeError(`expand: ${formatShape(x.shape)} cannot be broadcast to ${formatShape(shape)}`)
    }
    return { dtype: x.dtype, shape }
  },

  concat(inputs, { axis }) {
    const [first, ...rest] = inputs
    if (!first) throw new ShapeError('concat: expected at least one input, got none')
    for (const other of rest) {
      const fits = other.shape.length === first.shape.length
      if (!fits || other.shape.some((dim, i) => i !== axis && dim !== first.shape[i])) {
        throw new ShapeError(
          `concat: ${formatShape(first.shape)} and ${formatShape(other.shape)} differ outside axis ${axis}`
        )
      }
    }
    const total = inputs.reduce((sum, value) => sum + staticDim('concat', value.shape, axis), 0)
    return { dtype: first.dtype, shape: first.shape.map((dim, i) => (i === axis ? total : dim)) }
  },

  pad([x], { before, after }) {
    if (before.length !== x.shape.length || after.length !== x.shape.length) {
      throw new ShapeError(`pad: expected one amount per axis of ${formatShape(x.shape)}`)
    }
    const shape = x.shape.map((dim, axis): Dim => {
      const extra = before[axis] + after[axis]
      return extra === 0 ? dim : staticDim('pad', x.shape, axis) + extra
    })
    return { dtype: x.dtype, shape }
  },

  slice([x], { axis, start, end, step }) {
    const size = staticDim('slice', x.shape, axis)
    const isRange = [start, end, step].every(Number.isInteger)
    if (!isRange || start < 0 || end > size || start > end || step < 1) {
      throw new ShapeError(
        `slice: ${start}:${end}:${step} is no valid range of axis ${axis} of ${formatShape(x.shape)}`
      )
    }
    return {
      dtype: x.dtype,
      shape: x.shape.map((dim, i) => (i === axis ? Math.ceil((end - start) / step) : dim))
    }
  },

  cast: ([x], { dtype }) => ({ dtype, shape: x.shape }),

  ...LAYOUT_RULES
}

/** The type of an op's output. @throws ShapeError that names the op and the shapes. */
export function inferType<K extends OpName>(
  op: K,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
): OutputType {
  requireOneDType(op, inputs)
  const rule: Rule<K> = RULES[op]
  return rule(inputs, attributes, op)
}
