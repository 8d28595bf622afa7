// Lays images out in blocks of channels, as ONNX Runtime's CPU kernels for convolutions want them. Convolutions ask for it, ops element
// by element go along, those per channel have a form for it (rules.ts), and anything else gets its operands as they are.
import { collectGraph, onOperands, type Graph } from '../../ir/graph.js'
import type { GraphNode, NetworkOp, Value } from '../../ir/ops.js'
import { isNetworkNode } from '../../ir/ops.js'
import { Layout } from './layout.js'
import { RULES, sceneOf, type Form, type Scene } from './rules.js'

/** The pass for blocks of a size: equal outputs, with fewer moves between the layouts than convolutions. */
export function blockedLayout(block: number): (graph: Graph) => Graph {
  return graph => {
    const layout = new Layout(block)
    const scene = sceneOf(graph, layout)
    for (const value of graph.values) {
      const { origin } = value
      if (origin.kind !== 'node') continue
      const form = isNetworkNode(origin) ? formOf(scene, origin, value) : undefined
      layout.put(value, form ?? { plain: onOperands(value, each => layout.plain(each)) })
    }
    const outputs = graph.outputs.map(({ name, value }) => ({ name, value: layout.plain(value) }))
    return collectGraph(graph.inputs, outputs, namesIn(graph, layout))
  }
}

function formOf<K extends NetworkOp>(scene: Scene, node: GraphNode<K>, value: Value): Form | undefined {
  const rule = RULES[node.op] as
    ((scene: Scene, node: GraphNode<K>, value: Value) => Form | undefined) | undefined
  return rule?.(scene, node, value)
}

/** Values keep their names in their new form. */
function namesIn(graph: Graph, layout: Layout): (value: Value) => string | undefined {
  const names = new Map<Value, string>()
  for (const value of graph.values) {
    const name = graph.names.get(value)
    const form = layout.formOf(value)
    if (name !== undefined && !names.has(form)) names.set(form, name)
  }
  return value => names.get(value)
}
