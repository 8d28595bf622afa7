// The op set: every primitive of the graph, with its operands and attributes. It stays small: what can be composed of these
// is a function (functional/). The compiler demands a rule for a new op in every table: shapes (infer.ts), ONNX (src/onnx),
// gradients (src/autodiff), counting (src/inspect), the tests' interpreter (testing/). Values form the graph by themselves.
import { ResnetError, ShapeError } from '../base/errors.js'
import { anyNumber, pairOf, shown } from '../base/options.js'
import type { DType } from '../tensor/dtype.js'
import { formatShape, type Tensor } from '../tensor/tensor.js'
import type { Shape } from './shape.js'

/** Height and width. */
export type Pair = readonly [number, number]

const PAIR = pairOf(anyNumber)

/** torch's convention that one number applies to height and width: `3` → `[3, 3]`. @throws ShapeError for anything else. */
export function toPair(size: number | Pair): Pair {
  if (!PAIR.accepts(size))
    throw new ShapeError(`expected ${PAIR.expected}, for height and width, got ${shown(size)}`)
  return typeof size === 'number' ? [size, size] : size
}

/** Rows and columns added at each side. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number]

interface Op<I extends readonly Value[], A = Record<never, never>> {
  readonly inputs: I
  readonly attributes: Readonly<A>
}
type Unary = Op<readonly [x: Value]>
/** Operands broadcast as in NumPy. */
type Binary = Op<readonly [a: Value, b: Value]>
/** Axes are non-negative and ascending; with `keepDims` reduced ones stay with size 1. */
type Reduction = Op<readonly [x: Value], { axes: readonly number[]; keepDims: boolean }>

/** How a kernel moves over an image. */
export interface Convolution {
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
  readonly groups: number
}
/** What is done to each element of a result: nothing, the maximum with 0, or a cut to 0…1. */
export type Activation = 'none' | 'relu' | 'clip'
/** How a window moves over an image. */
export interface MaxPooling extends Omit<Convolution, 'groups'> {
  readonly kernel: Pair
}

/** The element-wise ops of one operand; `heaviside` is 1 where x is above zero, 0 elsewhere: the derivative of relu. */
export const UNARY_OPS = [
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
] as const
export const BINARY_OPS = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const
export const ELEMENTWISE_OPS = [...UNARY_OPS, ...BINARY_OPS, 'cast'] as const
/** The reductions; `variance` is the biased one. */
export const REDUCTIONS = ['sum', 'mean', 'max', 'variance'] as const

export type UnaryOp = (typeof UNARY_OPS)[number]
export type BinaryOp = (typeof BINARY_OPS)[number]
export type Elementwise = (typeof ELEMENTWISE_OPS)[number]
export type ReductionOp = (typeof REDUCTIONS)[number]

/** Inputs and attributes of the ops that networks are made of. */
export interface NetworkOps
  extends Record<UnaryOp, Unary>, Record<BinaryOp, Binary>, Record<ReductionOp, Reduction> {
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
   * The transpose of `conv2d` as a linear map of its image, and so its gradient by the image: y (N, O, H', W'), weight
   * (O, C / groups, kH, kW) → (N, C, H, W), where (H, W) is `size`.
   */
  convTranspose2d: Op<readonly [y: Value, weight: Value], Convolution & { size: Pair }>
  /**
   * The transpose of `conv2d` as a linear map of its weight, and so its gradient by the weight: x (N, C, H, W),
   * y (N, O, H', W') → (O, C / groups, kH, kW).
   */
  conv2dWeight: Op<readonly [x: Value, y: Value], Convolution & { kernel: Pair }>
  /** `(x − mean) / √(variance + eps) · scale + shift` per channel, with given statistics. */
  batchNorm: Op<
    readonly [x: Value, scale: Value, shift: Value, mean: Value, variance: Value],
    { eps: number }
  >
  /** Padding counts as −∞. */
  maxPool2d: Op<readonly [x: Value], MaxPooling>
  /** Scatters y (shaped like `maxPool2d(x)`) to each window's first maximum in x; windows with the same maximum add up. */
  maxUnpool2d: Op<readonly [x: Value, y: Value], MaxPooling>
  /** Gathers from z (shaped like x) the elements at each window's first maximum in x. */
  maxPool2dAt: Op<readonly [x: Value, z: Value], MaxPooling>
  /** Pads with zeros; `countIncludePad`: whether they count in the divisor. */
  avgPool2d: Op<readonly [x: Value], Omit<MaxPooling, 'dilation'> & { countIncludePad: boolean }>

  reshape: Op<readonly [x: Value], { shape: Shape }>
  /** Output axis i is input axis `axes[i]`. */
  permute: Op<readonly [x: Value], { axes: readonly number[] }>
  /** Broadcasts dimensions of size 1 to `shape`. */
  expand: Op<readonly [x: Value], { shape: Shape }>
  concat: Op<readonly Value[], { axis: number }>
  /** Adds `before[i]` and `after[i]` entries of `value` around axis i. */
  pad: Op<readonly [x: Value], { before: readonly number[]; after: readonly number[]; value: number }>
  /** Keeps `start ≤ i < end` of one axis, every `step`-th. */
  slice: Op<readonly [x: Value], { axis: number; start: number; end: number; step: number }>
  cast: Op<readonly [x: Value], { dtype: DType }>
}

/** The number of channels that lie side by side in blocked memory. */
export interface Blocked {
  readonly block: number
}

/**
 * Inputs and attributes of the ops that only the layout pass makes (src/passes/blocked), after differentiation. A blocked image
 * keeps its shape (N, C, H, W), but lies in memory as [N][C / block][H][W][block].
 */
export interface LayoutOps {
  /** The entries of one axis at some places, in that order. */
  take: Op<readonly [x: Value], { axis: number; places: readonly number[] }>
  toBlocked: Op<readonly [x: Value], Blocked>
  fromBlocked: Op<readonly [x: Value], Blocked>
  /**
   * `activation(conv2d(x, weight) + sum + bias)`, in this order, blocked, of a blocked image, or one as it is if it has fewer
   * channels than a block. Groups are of whole blocks, or of one channel each. The weight's memory, with the C channels of a group:
   * [O / block][C / block][kH][kW][block of C][block of O]; [O / block][C][kH][kW][block] for an image as it is, and for one channel.
   */
  blockedConv2d: Op<
    | readonly [x: Value, weight: Value, bias: Value]
    | readonly [x: Value, weight: Value, bias: Value, sum: Value],
    Convolution & Blocked & { activation: Activation }
  >
  blockedMaxPool2d: Op<readonly [x: Value], MaxPooling & Blocked>
  /** The mean of each channel of each item: (N, C, H, W) → (N, C, 1, 1), where both layouts are the same. */
  blockedMean: Op<readonly [x: Value], Blocked>
}

/** Whether networks are made of the node's op, not only the layout pass's graphs. */
export function isNetworkNode(node: GraphNode): node is GraphNode<NetworkOp> {
  return !LAYOUT_OPS.has(node.op)
}

const LAYOUT_OPS: ReadonlySet<OpName> = new Set<LayoutOp>([
  'take',
  'toBlocked',
  'fromBlocked',
  'blockedConv2d',
  'blockedMaxPool2d',
  'blockedMean'
])

/** Inputs and attributes of every op. */
export interface Ops extends NetworkOps, LayoutOps {}

/** The name of an op. */
export type OpName = keyof Ops
export type NetworkOp = keyof NetworkOps
export type LayoutOp = keyof LayoutOps

/** A module's parameter or buffer, whose data may change outside the graph. */
export interface StateHolder {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: Tensor
  /** Writes the elements into `target`, for holders that compute `data` at each access. */
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

// Ids ascend, and operands are created before their users, so sorting by id is a topological order.
let created = 0

/** The number of values created so far; tracing uses it to find the values that a module creates. */
export function valuesCreated(): number {
  return created
}

/** A symbolic tensor of a graph. */
export class Value {
  readonly id = created++

  constructor(
    readonly origin: ValueOrigin,
    readonly dtype: DType,
    readonly shape: Shape
  ) {}

  /**
   * A value has no numbers yet, so JavaScript's operators cannot work on it.
   * @throws ResnetError that names the functions to use.
   */
  [Symbol.toPrimitive](hint: string): string {
    const text = `Value ${formatShape(this.shape)}`
    if (hint === 'string') return text
    throw new ResnetError(`${text}: JavaScript's operators do not work on it; use add, sub, mul or div`)
  }

  /** The values this one is computed from. */
  get inputs(): readonly Value[] {
    return this.origin.kind === 'node' ? this.origin.inputs : []
  }
}

export type OutputType = Pick<Value, 'dtype' | 'shape'>

/** The node of a value if the given op made it. */
export function madeBy<K extends OpName>(value: Value, op: K): GraphNode<K> | undefined {
  const { origin } = value
  return origin.kind === 'node' && isOp(origin, op) ? origin : undefined
}

function isOp<K extends OpName>(node: GraphNode, op: K): node is GraphNode<K> {
  return node.op === op
}
