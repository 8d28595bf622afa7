// Multiply-adds of convolutions and matrix products; as in torchvision's published GMACs, other ops do not count.
import {
  ELEMENTWISE_OPS,
  isNetworkNode,
  type Elementwise,
  type GraphNode,
  type NetworkOp,
  type OpName,
  type Value
} from '../../ir/ops.js'

type Counted = Exclude<NetworkOp, Elementwise>
type Rule<K extends Counted> = (node: GraphNode<K>, output: Value) => number

const none = (): number => 0

const RULES: { readonly [K in Counted]: Rule<K> } = {
  sum: none,
  mean: none,
  max: none,
  variance: none,
  softmax: none,
  matmul: ({ inputs: [a] }, output) => elements(output.shape) * elements(a.shape.slice(-1)),
  linear: ({ inputs: [, weight] }, output) => elements(output.shape) * elements(weight.shape.slice(1)),
  // Each output sums over the kernel's window and its group's channels.
  conv2d: ({ inputs: [, weight] }, output) => elements(output.shape) * elements(weight.shape.slice(1)),
  // As many as the transposed convolution has, per element of y.
  convTranspose2d: ({ inputs: [y, weight] }) => elements(y.shape) * elements(weight.shape.slice(1)),
  conv2dWeight: ({ inputs: [, y] }, output) => elements(y.shape) * elements(output.shape.slice(1)),
  batchNorm: none,
  maxPool2d: none,
  maxUnpool2d: none,
  maxPool2dAt: none,
  avgPool2d: none,
  reshape: none,
  permute: none,
  expand: none,
  concat: none,
  pad: none,
  slice: none
}

/** Multiply-adds of a value's op; a symbolic batch counts as one image. */
export function multiplyAdds(value: Value): number {
  return value.origin.kind === 'node' && isCounted(value.origin) ? ofNode(value.origin, value) : 0
}

const ELEMENTWISE: ReadonlySet<OpName> = new Set(ELEMENTWISE_OPS)

function isCounted(node: GraphNode): node is GraphNode<Counted> {
  return isNetworkNode(node) && !ELEMENTWISE.has(node.op)
}

function ofNode<K extends Counted>(node: GraphNode<K>, output: Value): number {
  const rule: Rule<K> = RULES[node.op]
  return rule(node, output)
}

/** Elements of a shape; a symbolic batch counts as one. */
export function elements(shape: Value['shape']): number {
  return shape.reduce<number>((product, dim) => product * (dim === 'N' ? 1 : dim), 1)
}
