// The frame of every pass: walk a graph in order, let a rule replace some values, rebuild what depends on them.
import { apply } from '../ir/apply.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'

/**
 * Rebuilds a graph, value by value.
 * @param rule gives a replacement for an original value, or undefined to keep it; `rebuilt` maps the originals it
 * may look at to what they have become. What a replacement no longer reaches is dropped.
 */
export function rewrite(
  graph: Graph,
  rule: (value: Value, rebuilt: (original: Value) => Value) => Value | undefined
): Graph {
  const replacements = new Map<Value, Value>()
  const rebuilt = (original: Value): Value => replacements.get(original) ?? original
  for (const value of graph.values) {
    const replacement = rule(value, rebuilt) ?? withInputs(value, rebuilt)
    if (replacement !== value) replacements.set(value, replacement)
  }
  const names = new Map(graph.values.map(value => [rebuilt(value), graph.names.get(value)]))
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: rebuilt(value) }))
  return collectGraph(graph.inputs, outputs, value => names.get(value))
}

/** The same op on what its inputs have become. */
function withInputs(value: Value, rebuilt: (original: Value) => Value): Value {
  const { origin } = value
  if (origin.kind !== 'node') return value
  const inputs = origin.inputs.map(rebuilt)
  if (inputs.every((operand, i) => operand === origin.inputs[i])) return value
  return apply(origin.op, inputs as unknown as typeof origin.inputs, origin.attributes)
}
