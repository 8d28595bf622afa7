// One lowering per op to ONNX operators (opset 20). Only operators that every backend runs are used.
// The table is exhaustive by its type, so an op without a lowering does not compile.
import type { Node, OpName, Ops, Value } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
import type { DType } from '../tensor/dtype.js'
import { DATA_TYPES, Float, type AttributeValue } from './proto.js'

/** Where lowered nodes go. */
export interface Emitter {
  /** Adds a node that computes `output`. */
  emit(opType: string, inputs: readonly string[], attributes?: Readonly<Record<string, AttributeValue>>): void
  /** Adds a node for an intermediate result and returns its name. */
  intermediate(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>
  ): string
  /** Adds a constant list of integers (a shape, axes, pads) and returns its name. */
  integers(values: readonly number[]): string
  /** Adds a constant float and returns its name. */
  float(value: number): string
  /** The name of a value. */
  nameOf(value: Value): string
}

type Lowering<K extends OpName> = (
  out: Emitter,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
) => void

/** An op that is one ONNX operator with the same operands and no attributes. */
function directly(opType: string) {
  return (out: Emitter, inputs: readonly Value[]): void => out.emit(opType, inputs.map(out.nameOf))
}

function reducing(opType: string) {
  return (out: Emitter, [x]: readonly [Value], { axes, keepDims }: Ops['sum']['attributes']): void => {
    // To ONNX an empty list of axes means all of them; here it means none.
    if (axes.length === 0) out.emit('Identity', [out.nameOf(x)])
    else out.emit(opType, [out.nameOf(x), out.integers(axes)], { keepdims: keepDims ? 1 : 0 })
  }
}

/** A constant of any dtype. */
function scalar(out: Emitter, value: number, dtype: DType): string {
  const float = out.float(value)
  return dtype === 'float32' ? float : out.intermediate('Cast', [float], { to: DATA_TYPES[dtype] })
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
    // The pooling operator stays in ONNX Runtime's blocked layout, which a reduction would leave.
    if (overImage) out.emit('GlobalAveragePool', [out.nameOf(x)])
    else reducing('ReduceMean')(out, inputs, attributes)
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

  conv2d: (out, inputs, { stride, padding, dilation, groups }) =>
    out.emit('Conv', inputs.map(out.nameOf), {
      kernel_shape: inputs[1].shape.slice(2).map(Number),
      strides: stride,
      pads: padding,
      dilations: dilation,
      group: groups
    }),

  batchNorm: (out, inputs, { eps }) =>
    out.emit('BatchNormalization', inputs.map(out.nameOf), { epsilon: new Float(eps) }),

  maxPool2d(out, [x], { kernel, stride, padding, dilation }) {
    const [top, left, bottom, right] = padding
    // ONNX Runtime takes less padding than the kernel's size, undilated; what ceil mode adds can be more.
    const isWide = padding.some((amount, side) => amount >= kernel[side % 2])
    const image = isWide
      ? out.intermediate('Pad', [
          out.nameOf(x),
          out.integers([0, 0, top, left, 0, 0, bottom, right]),
          scalar(out, -Infinity, x.dtype)
        ])
      : out.nameOf(x)
    out.emit('MaxPool', [image], {
      kernel_shape: kernel,
      strides: stride,
      pads: isWide ? [0, 0, 0, 0] : padding,
      dilations: dilation
    })
  },

  avgPool2d: (out, [x], { kernel, stride, padding, countIncludePad }) =>
    out.emit('AveragePool', [out.nameOf(x)], {
      kernel_shape: kernel,
      strides: stride,
      pads: padding,
      count_include_pad: countIncludePad ? 1 : 0
    }),

  reshape: (out, [x], { shape }) =>
    // 0 copies a dimension from the same place, −1 works it out: the batch needs no number either way.
    out.emit('Reshape', [
      out.nameOf(x),
      out.integers(shape.map((dim, axis) => (dim !== 'N' ? dim : x.shape[axis] === 'N' ? 0 : -1)))
    ]),

  permute: (out, [x], { axes }) => out.emit('Transpose', [out.nameOf(x)], { perm: axes }),

  expand: (out, [x], { shape }) =>
    out.emit('Expand', [out.nameOf(x), out.integers(shape.map((dim: Dim) => (dim === 'N' ? 1 : dim)))]),

  concat: (out, inputs, { axis }) => out.emit('Concat', inputs.map(out.nameOf), { axis }),

  pad: (out, [x], { before, after, value }) =>
    out.emit('Pad', [out.nameOf(x), out.integers([...before, ...after]), scalar(out, value, x.dtype)]),

  slice: (out, [x], { axis, start, end, step }) =>
    out.emit('Slice', [
      out.nameOf(x),
      out.integers([start]),
      out.integers([end]),
      out.integers([axis]),
      out.integers([step])
    ]),

  cast: (out, [x], { dtype }) => out.emit('Cast', [out.nameOf(x)], { to: DATA_TYPES[dtype] })
}

/** Emits the ONNX nodes of one op. */
export function lower<K extends OpName>(node: Node<K>, out: Emitter): void {
  const lowering: Lowering<K> = LOWERINGS[node.op]
  lowering(out, node.inputs, node.attributes)
}
