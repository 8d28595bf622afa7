// Shape inference: one rule per op gives the output's dtype and shape, or says what does not fit.
// The table is exhaustive by its type, so an op without a rule does not compile.
import type { DType } from '../tensor/dtype.js'
import { ShapeError } from '../tensor/errors.js'
import { formatShape } from '../tensor/tensor.js'
import type { OpName, Ops, Padding, Pair, Value } from './ops.js'
import { broadcastShapes, countElements, sameShape, staticDim, type Dim, type Shape } from './shape.js'

/** What an op's output looks like. */
export interface OutputType {
  readonly dtype: DType
  readonly shape: Shape
}

type Rule<K extends OpName> = (inputs: Ops[K]['inputs'], attributes: Ops[K]['attributes']) => OutputType

const sameAsInput = ([x]: readonly [Value]): OutputType => ({ dtype: x.dtype, shape: x.shape })

function requireOneDType(op: OpName, [first, ...rest]: readonly Value[]): void {
  const other = rest.find(({ dtype }) => dtype !== first.dtype)
  if (other) throw new ShapeError(`${op}: operands are ${first.dtype} and ${other.dtype}; cast one of them`)
}

function broadcasting(op: OpName) {
  return ([a, b]: readonly [Value, Value]): OutputType => {
    requireOneDType(op, [a, b])
    return { dtype: a.dtype, shape: broadcastShapes(op, a.shape, b.shape) }
  }
}

function reducing([x]: readonly [Value], { axes, keepDims }: Ops['sum']['attributes']): OutputType {
  const shape = x.shape.flatMap((dim, axis): Dim[] => {
    if (!axes.includes(axis)) return [dim]
    return keepDims ? [1] : []
  })
  return { dtype: x.dtype, shape }
}

function rank4(op: OpName, x: Value): void {
  if (x.shape.length !== 4) {
    throw new ShapeError(`${op}: expected an input of shape [N, C, H, W], got ${formatShape(x.shape)}`)
  }
}

/** The spatial size after sliding a window, in floor mode. */
function slide(op: OpName, x: Value, kernel: Pair, stride: Pair, padding: Padding, dilation: Pair): Pair {
  const steps = [...kernel, ...stride, ...dilation]
  if (![...steps, ...padding].every(Number.isInteger) || Math.min(...steps) < 1 || Math.min(...padding) < 0) {
    throw new ShapeError(
      `${op}: kernel ${formatShape(kernel)}, stride ${formatShape(stride)} and dilation ${formatShape(dilation)} have to be whole numbers above 0, padding ${formatShape(padding)} whole and not negative`
    )
  }
  const along = (axis: 0 | 1): number => {
    const size = staticDim(op, x.shape, axis + 2) + padding[axis] + padding[axis + 2]
    const reach = dilation[axis] * (kernel[axis] - 1) + 1
    if (size < reach) {
      throw new ShapeError(
        `${op}: a window of ${reach} does not fit into ${size} ${axis === 0 ? 'rows' : 'columns'} of ${formatShape(x.shape)}, padding included`
      )
    }
    return Math.floor((size - reach) / stride[axis]) + 1
  }
  return [along(0), along(1)]
}

function requireShape(op: OpName, what: string, value: Value, expected: Shape): void {
  if (!sameShape(value.shape, expected)) {
    throw new ShapeError(
      `${op}: expected ${what} of shape ${formatShape(expected)}, got ${formatShape(value.shape)}`
    )
  }
}

const RULES: { readonly [K in OpName]: Rule<K> } = {
  neg: sameAsInput,
  abs: sameAsInput,
  exp: sameAsInput,
  log: sameAsInput,
  sqrt: sameAsInput,
  tanh: sameAsInput,
  erf: sameAsInput,
  sigmoid: sameAsInput,
  relu: sameAsInput,

  add: broadcasting('add'),
  sub: broadcasting('sub'),
  mul: broadcasting('mul'),
  div: broadcasting('div'),
  maximum: broadcasting('maximum'),
  minimum: broadcasting('minimum'),

  sum: reducing,
  mean: reducing,
  max: reducing,
  softmax: sameAsInput,

  matmul([a, b]) {
    requireOneDType('matmul', [a, b])
    const inner = a.shape.at(-1)
    const rows = a.shape.at(-2)
    const columns = b.shape.at(-1)
    if (rows === undefined || columns === undefined || b.shape.length < 2 || inner !== b.shape.at(-2)) {
      throw new ShapeError(`matmul: ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply`)
    }
    const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2))
    return { dtype: a.dtype, shape: [...leading, rows, columns] }
  },

  linear(inputs) {
    const [x, weight, bias] = inputs
    requireOneDType('linear', inputs)
    const features = x.shape.at(-1)
    if (weight.shape.length !== 2 || features !== weight.shape[1]) {
      throw new ShapeError(
        `linear: input ${formatShape(x.shape)} does not end in the ${weight.shape[1] ?? '?'} features that weight ${formatShape(weight.shape)} takes`
      )
    }
    if (bias) requireShape('linear', 'a bias', bias, [weight.shape[0]])
    return { dtype: x.dtype, shape: [...x.shape.slice(0, -1), weight.shape[0]] }
  },

  conv2d(inputs, { stride, padding, dilation, groups }) {
    const [x, weight, bias] = inputs
    requireOneDType('conv2d', inputs)
    rank4('conv2d', x)
    rank4('conv2d', weight)
    const channels = staticDim('conv2d', x.shape, 1)
    const [out, perGroup] = [staticDim('conv2d', weight.shape, 0), staticDim('conv2d', weight.shape, 1)]
    const kernel: Pair = [staticDim('conv2d', weight.shape, 2), staticDim('conv2d', weight.shape, 3)]
    if (out % groups !== 0) {
      throw new ShapeError(
        `conv2d: the ${out} output channels of weight ${formatShape(weight.shape)} do not divide into ${groups} groups`
      )
    }
    if (channels !== perGroup * groups) {
      throw new ShapeError(
        `conv2d: input ${formatShape(x.shape)} has ${channels} channels, but weight ${formatShape(weight.shape)} with ${groups} group${groups === 1 ? '' : 's'} takes ${perGroup * groups}`
      )
    }
    if (bias) requireShape('conv2d', 'a bias', bias, [out])
    return {
      dtype: x.dtype,
      shape: [x.shape[0], out, ...slide('conv2d', x, kernel, stride, padding, dilation)]
    }
  },

  batchNorm(inputs) {
    const [x, ...statistics] = inputs
    requireOneDType('batchNorm', inputs)
    if (x.shape.length < 2) {
      throw new ShapeError(`batchNorm: expected an input of shape [N, C, …], got ${formatShape(x.shape)}`)
    }
    const channels = staticDim('batchNorm', x.shape, 1)
    for (const value of statistics) {
      requireShape('batchNorm', `one value per channel of ${formatShape(x.shape)}`, value, [channels])
    }
    return sameAsInput([x])
  },

  maxPool2d([x], { kernel, stride, padding, dilation }) {
    rank4('maxPool2d', x)
    const size = slide('maxPool2d', x, kernel, stride, padding, dilation)
    return { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...size] }
  },

  avgPool2d([x], { kernel, stride, padding }) {
    rank4('avgPool2d', x)
    return {
      dtype: x.dtype,
      shape: [...x.shape.slice(0, 2), ...slide('avgPool2d', x, kernel, stride, padding, [1, 1])]
    }
  },

  reshape([x], { shape }) {
    const from = countElements(x.shape)
    const to = countElements(shape)
    const isShape = shape.every(dim => dim === 'N' || (Number.isInteger(dim) && dim >= 0))
    if (!isShape || from.perItem !== to.perItem || from.batches !== to.batches) {
      throw new ShapeError(`reshape: ${formatShape(x.shape)} cannot become ${formatShape(shape)}`)
    }
    return { dtype: x.dtype, shape }
  },

  permute([x], { axes }) {
    const sorted = [...axes].sort((a, b) => a - b)
    if (axes.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError(`permute: [${axes.join(', ')}] does not order the axes of ${formatShape(x.shape)}`)
    }
    return { dtype: x.dtype, shape: axes.map(axis => x.shape[axis]) }
  },

  expand([x], { shape }) {
    const offset = shape.length - x.shape.length
    const stretchesToBatch = shape.some((dim, axis) => dim === 'N' && x.shape[axis - offset] !== 'N')
    if (stretchesToBatch || !sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
      throw new ShapeError(`expand: ${formatShape(x.shape)} cannot be stretched to ${formatShape(shape)}`)
    }
    return { dtype: x.dtype, shape }
  },

  concat(inputs, { axis }) {
    const [first, ...rest] = inputs
    if (!first) throw new ShapeError('concat: expected at least one input, got none')
    requireOneDType('concat', inputs)
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
    if (start < 0 || end > size || start > end || step < 1) {
      throw new ShapeError(
        `slice: ${start}:${end}:${step} is outside axis ${axis} of ${formatShape(x.shape)}`
      )
    }
    return {
      dtype: x.dtype,
      shape: x.shape.map((dim, i) => (i === axis ? Math.ceil((end - start) / step) : dim))
    }
  },

  cast: ([x], { dtype }) => ({ dtype, shape: x.shape })
}

/**
 * The dtype and shape of an op's output.
 * @throws ShapeError that names the op and the shapes.
 */
export function inferType<K extends OpName>(
  op: K,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
): OutputType {
  const rule: Rule<K> = RULES[op]
  return rule(inputs, attributes)
}
