// The frame of every pass: walk a graph in order, let a rule replace some values, rebuild what depends on them.
import { collectGraph, type Graph } from '../ir/graph.js'
import { onOperands } from '../ir/on-other-values.js'
import type { Value } from '../ir/ops.js'

/** What a rule can ask of the rewriting around it. */
export interface Rewriting {
  /** What an original value has become. */
  rebuilt(original: Value): Value
  /** The name an original value has. */
  nameOf(original: Value): string
  /** Suggests a name for a value the rule makes, and returns the value. */
  named(value: Value, name: string): Value
}

/**
 * Rebuilds a graph, value by value. What a replacement no longer reaches is dropped.
 * @param rule gives a replacement for an original value, which inherits its name, or undefined to keep it.
 */
export function rewrite(
  graph: Graph,
  rule: (value: Value, rewriting: Rewriting) => Value | undefined
): Graph {
  const replacements = new Map<Value, Value>()
  const names = new Map<Value, string>()
  const rewriting: Rewriting = {
    rebuilt: original => replacements.get(original) ?? original,
    nameOf: original => graph.names.get(original) ?? '',
    named(value, name) {
      names.set(value, name)
      return value
    }
  }
  for (const value of graph.values) {
    const replacement = rule(value, rewriting) ?? onOperands(value, rewriting.rebuilt)
    if (replacement !== value) replacements.set(value, replacement)
    // One that stands for several values keeps the name of the first.
    if (!names.has(replacement)) names.set(replacement, rewriting.nameOf(value))
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: rewriting.rebuilt(value) }))
  return collectGraph(graph.inputs, outputs, value => names.get(value))
}

/** How often each value is an operand or an output. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>()
  const used = [...graph.values.flatMap(value => value.inputs), ...graph.outputs.map(({ value }) => value)]
  for (const value of used) uses.set(value, (uses.get(value) ?? 0) + 1)
  return uses
}
