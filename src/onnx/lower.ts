// One lowering per op to ONNX operators (opsets 17 to 20) that every backend supports. An op without one does not compile.
import { madeBy, type GraphNode, type OpName, type Ops, type Value } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
import { reduced, scalar, type Emitter, type Lowering } from './emitter.js'
import { LAYOUT_LOWERINGS } from './lower-layout.js'
import { lowerConv2dWeight } from './lower-conv-weight.js'
import { lowerConv2d, lowerConvTranspose2d } from './lower-convolution.js'
import { isPooledAt, LEAST, lowerMaxPool2d, lowerMaxPool2dAt, lowerMaxUnpool2d } from './lower-max-pool.js'
import { DATA_TYPES, Float } from './proto.js'

/** An op that is one ONNX operator with the same operands and no attributes. */
function directly(opType: string) {
  return (out: Emitter, inputs: readonly Value[]): void => out.emit(opType, inputs.map(out.nameOf))
}

function reducing(opType: Parameters<typeof reduced>[1]) {
  return (out: Emitter, [x]: readonly [Value], attributes: Ops['sum']['attributes']): void => {
    // In ONNX an empty list of axes means all axes; here it means none.
    if (attributes.axes.length === 0) out.emit('Identity', [out.nameOf(x)])
    else out.emit(...reduced(out, opType, out.nameOf(x), attributes))
  }
}

const LOWERINGS: { readonly [K in OpName]: Lowering<K> } = {
  neg: directly('Neg'),
  abs: directly('Abs'),
  exp: directly('Exp'),
  log: directly('Log'),
  sqrt: directly('Sqrt'),
  tanh: directly('Tanh'),
  erf: directly('Erf'),
  sigmoid: directly('Sigmoid'),
  relu: directly('Relu'),
  heaviside(out, [x]) {
    const above = out.intermediate('Greater', [out.nameOf(x), scalar(out, 0, x.dtype)])
    out.emit('Cast', [above], { to: DATA_TYPES[x.dtype] })
  },

  add: directly('Add'),
  sub: directly('Sub'),
  mul: directly('Mul'),
  div: directly('Div'),
  maximum: directly('Max'),
  minimum: directly('Min'),

  sum: reducing('ReduceSum'),
  max: reducing('ReduceMax'),
  mean(out, inputs, attributes) {
    const [x] = inputs
    const overImage = x.shape.length === 4 && attributes.axes.join() === '2,3' && attributes.keepDims
    // The pooling operator keeps ONNX Runtime's blocked layout, a reduction does not.
    if (overImage) out.emit('GlobalAveragePool', [out.nameOf(x)])
    else reducing('ReduceMean')(out, inputs, attributes)
  },
  variance(out, [x], { axes, keepDims }) {
    const name = out.nameOf(x)
    if (axes.length === 0) {
      out.emit('Sub', [name, name])
      return
    }
    // Mean of (x − mean)², because E[x²] − E[x]² cancels for a large mean.
    const centre = out.intermediate(...reduced(out, 'ReduceMean', name, { axes, keepDims: true }))
    const distance = out.intermediate('Sub', [name, centre])
    const count = axes.reduce((product, axis) => product * Number(x.shape[axis]), 1)
    if (Number.isNaN(count)) {
      const squares = out.intermediate('Mul', [distance, distance])
      out.emit(...reduced(out, 'ReduceMean', squares, { axes, keepDims }))
    } else {
      const total = out.intermediate(...reduced(out, 'ReduceSumSquare', distance, { axes, keepDims }))
      out.emit('Div', [total, scalar(out, count, x.dtype)])
    }
  },
  softmax: (out, [x], { axis }) => out.emit('Softmax', [out.nameOf(x)], { axis }),

  matmul: directly('MatMul'),

  linear(out, inputs) {
    const [x, weight, bias] = inputs.map(out.nameOf)
    if (inputs[0].shape.length === 2) {
      out.emit('Gemm', inputs.map(out.nameOf), { transB: 1 })
      return
    }
    const transposed = out.intermediate('Transpose', [weight], { perm: [1, 0] })
    if (inputs.length === 2) out.emit('MatMul', [x, transposed])
    else out.emit('Add', [out.intermediate('MatMul', [x, transposed]), bias])
  },

  conv2d: lowerConv2d,
  convTranspose2d: lowerConvTranspose2d,
  conv2dWeight: lowerConv2dWeight,

  batchNorm: (out, inputs, { eps }) =>
    out.emit('BatchNormalization', inputs.map(out.nameOf), { epsilon: new Float(eps) }),

  maxPool2d: lowerMaxPool2d,
  maxUnpool2d: lowerMaxUnpool2d,
  maxPool2dAt: lowerMaxPool2dAt,

  avgPool2d: (out, [x], { kernel, stride, padding, countIncludePad }) =>
    out.emit('AveragePool', [out.nameOf(x)], {
      kernel_shape: kernel,
      strides: stride,
      pads: padding,
      count_include_pad: countIncludePad ? 1 : 0
    }),

  reshape: (out, [x], { shape }) =>
    // 0 copies the dimension at the same index, −1 infers it: either keeps the batch symbolic.
    out.emit('Reshape', [
      out.nameOf(x),
      out.integers(shape.map((dim, axis) => (dim !== 'N' ? dim : x.shape[axis] === 'N' ? 0 : -1)))
    ]),

  permute: (out, [x], { axes }) => out.emit('Transpose', [out.nameOf(x)], { perm: axes }),

  expand: (out, [x], { shape }) =>
    out.emit('Expand', [out.nameOf(x), out.integers(shape.map((dim: Dim) => (dim === 'N' ? 1 : dim)))]),

  concat: (out, inputs, { axis }) => out.emit('Concat', inputs.map(out.nameOf), { axis }),

  pad(out, [x], attributes) {
    const { before, after, value } = attributes
    const fill = value === 0 && isPooledAt(out, x, attributes) ? LEAST : value
    out.emit('Pad', [out.nameOf(x), out.integers([...before, ...after]), scalar(out, fill, x.dtype)])
  },

  slice(out, [x], { axis, start, end, step }) {
    const parts = partsOf(out, x, axis)
    const place = parts.findIndex(part => part.start === start && part.end === end)
    if (step > 1 || place < 0) {
      out.emit('Slice', [out.nameOf(x), ...[start, end, axis, step].map(each => out.integers([each]))])
      return
    }
    // One pass on all cores, where a slice is copied by one.
    const sizes = out.integers(parts.map(part => part.end - part.start))
    const split = out.several(parts.length, 'Split', [out.nameOf(x), sizes], { axis })
    out.emit('Identity', [split[place]])
  },

  cast: (out, [x], { dtype }) => out.emit('Cast', [out.nameOf(x)], { to: DATA_TYPES[dtype] }),

  ...LAYOUT_LOWERINGS
}

/** The slices that other ops take of a value, if they are all of it, one after another along an axis. */
function partsOf(out: Emitter, x: Value, axis: number): Ops['slice']['attributes'][] {
  const slices = out.usersOf(x).flatMap(user => madeBy(user, 'slice')?.attributes ?? [])
  const parts = slices.filter(each => each.axis === axis && each.step === 1).sort((a, b) => a.start - b.start)
  const ends = [0, ...parts.map(({ end }) => end)]
  const isWhole =
    parts.length > 1 && parts.every(({ start }, i) => start === ends[i]) && ends.at(-1) === x.shape[axis]
  return isWhole ? parts : []
}

export function lower<K extends OpName>(node: GraphNode<K>, out: Emitter): void {
  const lowering: Lowering<K> = LOWERINGS[node.op]
  lowering(out, node.inputs, node.attributes)
}
