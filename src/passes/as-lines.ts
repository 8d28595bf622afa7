// Computes with the weights of 1×1 convolutions as lines. Where a number meets (K, C, 1, 1), ONNX Runtime broadcasts it in spans as
// long as the last axis, one element each, which takes 25 times as long as one span.
import { reshape } from '../ir/functional/shaping.js'
import type { Graph } from '../ir/graph.js'
import { apply } from '../ir/operand.js'
import { BINARY_OPS, madeBy, type GraphNode, type BinaryOp, type Value } from '../ir/ops.js'
import { sameShape, type Shape } from '../ir/shape.js'
import { sizeOf } from '../tensor/tensor.js'
import { rewrite } from './rewrite.js'

/** Lets arithmetic of a thin value with a number, and what follows it element by element, run over its elements as one axis. */
export function asLines(graph: Graph): Graph {
  const lines = new Map<Value, Value>()
  return rewrite(graph, (value, { rebuilt }) => {
    const node = isThin(value.shape) ? arithmeticOf(value) : undefined
    if (!node) return undefined
    const operands = node.inputs.map(rebuilt)
    const whole = operands.filter(operand => !isNumber(operand.shape))
    const gains = whole.length < operands.length || whole.some(operand => lines.has(operand))
    if (!gains || !whole.every(operand => sameShape(operand.shape, value.shape))) return undefined
    const size = sizeOf(value.shape.map(Number))
    const [a, b] = operands.map(operand =>
      isNumber(operand.shape) ? operand : (lines.get(operand) ?? reshape(operand, [size]))
    )
    const line = apply(node.op, [a, b], {})
    const thin = reshape(line, value.shape)
    lines.set(thin, line)
    return thin
  })
}

/** Several elements, none beside another on the last axis. */
function isThin(shape: Shape): boolean {
  return shape.length > 1 && shape.at(-1) === 1 && !shape.includes('N') && sizeOf(shape.map(Number)) > 1
}

function isNumber(shape: Shape): boolean {
  return shape.length === 0
}

function arithmeticOf(value: Value): GraphNode<BinaryOp> | undefined {
  return BINARY_OPS.map(op => madeBy(value, op)).find(node => node !== undefined)
}
