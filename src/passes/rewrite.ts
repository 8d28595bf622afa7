// The driver of passes: walks a graph in order, lets a rule replace values, and rebuilds their users.
import { collectGraph, type Graph, onOperands } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'

/** What a rule can use of the rewriting. */
export interface Rewriting {
  /** The replacement of an original value, or the value itself. */
  rebuilt(original: Value): Value
  /** The name of an original value. */
  nameOf(original: Value): string
  /** Suggests a name for a value that the rule creates, and returns the value. */
  named(value: Value, name: string): Value
}

/** Rewrites a graph; `rule` gives a replacement of a value, which inherits its name, or undefined to keep it. */
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
    // A replacement of several values keeps the name of the first.
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
