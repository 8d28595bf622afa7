// A graph: everything some outputs are computed from, in an order that can be executed, with a name for each value.
import { ResnetError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import { inferType } from './infer.js'
import type { Value } from './ops.js'
import { reachedFrom } from './reach.js'
import { sameShape } from './shape.js'

/** A graph that breaks its own rules: a fault of whoever built it. */
export class GraphError extends ResnetError {}

/** A value that leaves the graph, and under which name. */
export interface GraphOutput {
  readonly name: string
  readonly value: Value
}

/** A computation: what goes in, what comes out, and every value between. */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly outputs: readonly GraphOutput[]
  /** Every value the outputs reach, inputs before users. */
  readonly values: readonly Value[]
  /** A unique name for every value. */
  readonly names: ReadonlyMap<Value, string>
}

/**
 * Collects the graph behind some outputs; what they do not reach is left out.
 * @param suggestName a name for a value, where the caller knows a good one; numbers make it unique.
 */
export function collectGraph(
  inputs: readonly Value[],
  outputs: readonly GraphOutput[],
  suggestName: (value: Value) => string | undefined = () => undefined
): Graph {
  const reached = reachedFrom([...inputs, ...outputs.map(output => output.value)])
  const values = [...reached].sort((a, b) => a.id - b.id)
  const graph = { inputs, outputs, values, names: nameValues(values, suggestName) }
  verify(graph)
  return graph
}

function nameValues(
  values: readonly Value[],
  suggestName: (value: Value) => string | undefined
): ReadonlyMap<Value, string> {
  const names = new Map<Value, string>()
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  // Inputs first: whoever feeds them goes by their names, whatever else is called so.
  const isInput = ({ origin }: Value): boolean => origin.kind === 'input'
  for (const value of [...values.filter(isInput), ...values.filter(each => !isInput(each))]) {
    const { origin } = value
    const wanted =
      suggestName(value) ??
      (origin.kind === 'input' ? origin.name : origin.kind === 'node' ? origin.op : origin.kind)
    let count = counts.get(wanted) ?? 1
    let name = count === 1 ? wanted : `${wanted}#${count}`
    // A suggestion may look like one of our own numbered names.
    while (taken.has(name)) name = `${wanted}#${++count}`
    counts.set(wanted, count)
    taken.add(name)
    names.set(value, name)
  }
  return names
}

/**
 * Checks what every pass and every lowering relies on: inputs come first and are declared, names are unique,
 * also among outputs and inputs together, and each value has the type its op infers.
 * @throws GraphError that names the value.
 */
export function verify(graph: Graph): void {
  const seen = new Set<Value>()
  const names = new Set<string>()
  for (const value of graph.values) {
    const name = graph.names.get(value)
    if (name === undefined || names.has(name))
      throw new GraphError(`verify: ${name ?? 'a value'} has no name of its own`)
    names.add(name)
    const { origin } = value
    if (origin.kind === 'input' && !graph.inputs.includes(value)) {
      throw new GraphError(`verify: ${name} is used but is not among the graph's inputs`)
    }
    if (origin.kind === 'node') {
      if (!origin.inputs.every(operand => seen.has(operand))) {
        throw new GraphError(`verify: ${name} comes before something it is computed from`)
      }
      const expected = inferType(origin.op, origin.inputs, origin.attributes)
      if (expected.dtype !== value.dtype || !sameShape(expected.shape, value.shape)) {
        throw new GraphError(
          `verify: ${name} is ${value.dtype}${formatShape(value.shape)}, but ${origin.op} gives ${expected.dtype}${formatShape(expected.shape)}`
        )
      }
    }
    seen.add(value)
  }
  const outputNames = new Set<string>()
  for (const { name, value } of graph.outputs) {
    if (!seen.has(value)) throw new GraphError(`verify: output ${name} is not in the graph`)
    if (outputNames.has(name)) throw new GraphError(`verify: two outputs are named ${name}`)
    outputNames.add(name)
    if (graph.inputs.some(other => other !== value && graph.names.get(other) === name)) {
      throw new GraphError(`verify: output ${name} is named like an input`)
    }
  }
}
