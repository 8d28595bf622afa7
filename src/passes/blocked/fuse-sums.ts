// Lets blocked convolutions, of which arithmetic per channel is a kind, add another image and cut their result in the same pass.
import type { Graph } from '../../ir/graph.js'
import { apply } from '../../ir/operand.js'
import { madeBy, type GraphNode, type Value } from '../../ir/ops.js'
import { countUses, rewrite } from '../rewrite.js'
import { affine } from './channels.js'
import { Layout } from './layout.js'

/** Fuses sums and rectifiers into the blocked convolutions that nothing else needs. */
export function fuseSums(graph: Graph): Graph {
  const uses = countUses(graph)
  let layout: Layout | undefined
  return rewrite(graph, (value, { rebuilt }) => {
    const once = (operand: Value): boolean => uses.get(operand) === 1
    const open = (operand: Value): GraphNode<'blockedConv2d'> | undefined => {
      const node = once(operand) ? madeBy(rebuilt(operand), 'blockedConv2d') : undefined
      return node?.attributes.activation === 'none' ? node : undefined
    }
    const [x] = value.inputs
    const rectified = madeBy(value, 'relu') && open(x)
    if (rectified)
      return apply('blockedConv2d', rectified.inputs, { ...rectified.attributes, activation: 'relu' })

    const sum = madeBy(value, 'add')
    for (const [part, other] of sum ? [sum.inputs, sum.inputs.toReversed()] : []) {
      const node = open(part)
      if (!node || node.inputs.length === 4 || part === other) continue
      const [image, weight, bias] = node.inputs
      // The kernel adds in place what nothing else needs, and would copy anything else first.
      if (once(other)) return apply('blockedConv2d', [image, weight, bias, rebuilt(other)], node.attributes)
      layout ??= new Layout(node.attributes.block)
      return affine(layout, rebuilt(other), { sum: rebuilt(part) })
    }
    return undefined
  })
}
