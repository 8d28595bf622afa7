// The op set: every primitive the graph knows, with what it takes. Kept small: a layer that can be said
// with these is a function over them (functional/), not an op. Adding one here makes the compiler ask for its
// rule in every table: shapes (infer.ts), ONNX (src/onnx), gradients (src/autodiff), counting (src/inspect), the tests'
// reference.
//
// A value is immutable and knows where it came from, so values alone form the graph: whatever an output can
// reach is in it, and nothing else is.
import type { DType } from '../tensor/dtype.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Shape } from './shape.js'

/** Height and width. */
export type Pair = readonly [number, number]
/** Rows and columns added at each side. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number]

interface Op<I extends readonly Value[], A = Record<never, never>> {
  readonly inputs: I
  readonly attributes: Readonly<A>
}
type Unary = Op<readonly [x: Value]>
/** Operands broadcast as NumPy's do. */
type Binary = Op<readonly [a: Value, b: Value]>
/** Axes are positive and ascending; reduced ones stay with size 1 if `keepDims`. */
type Reduction = Op<readonly [x: Value], { axes: readonly number[]; keepDims: boolean }>

/** How a kernel moves over an image. */
export interface Convolution {
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
  readonly groups: number
}
/** How a window moves over an image. */
export interface MaxPooling {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
}

/** Inputs and attributes of every op. */
export interface Ops {
  neg: Unary
  abs: Unary
  exp: Unary
  log: Unary
  sqrt: Unary
  tanh: Unary
  erf: Unary
  sigmoid: Unary
  relu: Unary
  /** 1 where x is above zero, 0 elsewhere: the slope of relu. */
  heaviside: Unary

  add: Binary
  sub: Binary
  mul: Binary
  div: Binary
  maximum: Binary
  minimum: Binary

  sum: Reduction
  mean: Reduction
  max: Reduction
  /** The mean squared distance from the mean (what statistics calls biased). */
  variance: Reduction
  softmax: Op<readonly [x: Value], { axis: number }>

  /** (…, m, k) · (…, k, n) → (…, m, n); leading dimensions broadcast. */
  matmul: Op<readonly [a: Value, b: Value]>
  /** `x · Wᵀ + b`: x (…, in), weight (out, in), bias (out). */
  linear: Op<readonly [x: Value, weight: Value] | readonly [x: Value, weight: Value, bias: Value]>
  /** x (N, C, H, W), weight (O, C / groups, kH, kW), bias (O). Cross-correlation, as in every framework. */
  conv2d: Op<
    readonly [x: Value, weight: Value] | readonly [x: Value, weight: Value, bias: Value],
    Convolution
  >
  /**
   * The transpose of `conv2d` as a linear map of its image: what reaches an image of `size` rows and columns from y
   * (N, O, H', W') through weight (O, C / groups, kH, kW). → (N, C, H, W).
   */
  convTranspose2d: Op<readonly [y: Value, weight: Value], Convolution & { size: Pair }>
  /**
   * The transpose of `conv2d` as a linear map of its weight: how x (N, C, H, W) and y (N, O, H', W') meet under each
   * entry of the kernel. → (O, C / groups, kH, kW).
   */
  conv2dWeight: Op<readonly [x: Value, y: Value], Convolution & { kernel: Pair }>
  /** `(x − mean) / √(variance + eps) · scale + shift` per channel, with given statistics. */
  batchNorm: Op<
    readonly [x: Value, scale: Value, shift: Value, mean: Value, variance: Value],
    { eps: number }
  >
  /** Padding counts as −∞. */
  maxPool2d: Op<readonly [x: Value], MaxPooling>
  /** Puts y (as `maxPool2d(x)`) back to where each window's maximum was in x, the first of equals; windows that share one add up. */
  maxUnpool2d: Op<readonly [x: Value, y: Value], MaxPooling>
  /** Takes from z (as x) what stands where each window's maximum is in x. */
  maxPool2dAt: Op<readonly [x: Value, z: Value], MaxPooling>
  /** Padding is zeros; `countIncludePad` says whether they count in the divisor. */
  avgPool2d: Op<
    readonly [x: Value],
    { kernel: Pair; stride: Pair; padding: Padding; countIncludePad: boolean }
  >

  reshape: Op<readonly [x: Value], { shape: Shape }>
  /** Output axis i is input axis `axes[i]`. */
  permute: Op<readonly [x: Value], { axes: readonly number[] }>
  /** Stretches dimensions of size 1 to `shape`. */
  expand: Op<readonly [x: Value], { shape: Shape }>
  concat: Op<readonly Value[], { axis: number }>
  /** Adds `before[i]` and `after[i]` entries of `value` around axis i. */
  pad: Op<readonly [x: Value], { before: readonly number[]; after: readonly number[]; value: number }>
  /** Keeps `start ≤ i < end` of one axis, every `step`-th. */
  slice: Op<readonly [x: Value], { axis: number; start: number; end: number; step: number }>
  cast: Op<readonly [x: Value], { dtype: DType }>
}

/** The name of an op. */
export type OpName = keyof Ops

const UNARY_OPS = [
  'neg',
  'abs',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'erf',
  'sigmoid',
  'relu',
  'heaviside'
] as const satisfies readonly OpName[]
const BINARY_OPS = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const satisfies readonly OpName[]

/** The ops that work element by element. */
export const ELEMENTWISE_OPS = [...UNARY_OPS, ...BINARY_OPS, 'cast'] as const satisfies readonly OpName[]

/** An op that makes a number of one number. */
export type UnaryOp = (typeof UNARY_OPS)[number]
/** An op that makes a number of two. */
export type BinaryOp = (typeof BINARY_OPS)[number]
/** An op that works element by element. */
export type Elementwise = (typeof ELEMENTWISE_OPS)[number]

/** Something with a name outside the graph whose values may change: a module's parameter or buffer. */
export interface StateHolder {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: Tensor
  /** Computes the elements into a place that is there already, for holders whose `data` is computed anew each time. */
  writeTo?(target: Float32Array): void
}

/** An operation applied to values. */
export interface GraphNode<K extends OpName = OpName> {
  readonly kind: 'node'
  readonly op: K
  readonly inputs: Ops[K]['inputs']
  readonly attributes: Ops[K]['attributes']
}

/** Where a value comes from. */
export type ValueOrigin =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'state'; readonly holder: StateHolder }
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | GraphNode

// Ids grow as values are made, and a value's inputs exist before it does: sorting by id is a topological order.
let created = 0

/** How many values exist so far; a tracer reads it to know which values a module made. */
export function valuesCreated(): number {
  return created
}

/** One tensor of the graph, before it has numbers. */
export class Value {
  readonly id: number
  readonly origin: ValueOrigin
  readonly dtype: DType
  readonly shape: Shape

  constructor(origin: ValueOrigin, dtype: DType, shape: Shape) {
    this.id = created++
    this.origin = origin
    this.dtype = dtype
    this.shape = shape
  }

  /** The values this one is computed from. */
  get inputs(): readonly Value[] {
    return this.origin.kind === 'node' ? this.origin.inputs : []
  }
}

/** Narrows a value to one made by a certain op. */
export function madeBy<K extends OpName>(value: Value, op: K): GraphNode<K> | undefined {
  const { origin } = value
  return origin.kind === 'node' && isOp(origin, op) ? origin : undefined
}

function isOp<K extends OpName>(node: GraphNode, op: K): node is GraphNode<K> {
  return node.op === op
}
