// A graph: all that its outputs are computed from, in topological order, with names; and walks over its values.
import { anObject } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import { inferType } from './infer.js'
import { apply } from './operand.js'
import type { Value } from './ops.js'
import { sameShape } from './shape.js'

/** A graph that violates its invariants: a bug in the code that built it. */
export class GraphError extends ResnetError {}

/** A named output of a graph. */
export interface GraphOutput {
  readonly name: string
  readonly value: Value
}

/** A computation: its inputs, its outputs, and every value between. */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly outputs: readonly GraphOutput[]
  /** Every value that the outputs depend on, operands before users. */
  readonly values: readonly Value[]
  /** A unique name for every value. */
  readonly names: ReadonlyMap<Value, string>
}

export const aGraph = anObject<Graph>('a graph, as trace makes one', 'outputs')

/** The graph that computes the outputs and nothing else; a suggested name becomes unique by a number. */
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
  // Inputs first: callers feed them by name, so their names are never changed.
  const isInput = ({ origin }: Value): boolean => origin.kind === 'input'
  for (const value of [...values.filter(isInput), ...values.filter(each => !isInput(each))]) {
    const { origin } = value
    const wanted =
      suggestName(value) ??
      (origin.kind === 'input' ? origin.name : origin.kind === 'node' ? origin.op : origin.kind)
    let count = counts.get(wanted) ?? 1
    let name = count === 1 ? wanted : `${wanted}#${count}`
    // A suggested name may look like one of our numbered names.
    while (taken.has(name)) name = `${wanted}#${++count}`
    counts.set(wanted, count)
    taken.add(name)
    names.set(value, name)
  }
  return names
}

/**
 * Checks the invariants that passes and lowerings rely on: inputs are declared, operands come before users, names are
 * unique, also among outputs and inputs together, and each value has the inferred type.
 * @throws GraphError that names the value.
 */
export function verify(graph: Graph): void {
  const seen = new Set<Value>()
  const names = new Set<string>()
  for (const value of graph.values) {
    const name = graph.names.get(value)
    if (name === undefined) throw new GraphError('verify: a value has no name')
    if (names.has(name)) throw new GraphError(`verify: two values are named ${name}`)
    names.add(name)
    const { origin } = value
    if (origin.kind === 'input' && !graph.inputs.includes(value)) {
      throw new GraphError(`verify: ${name} is used but is not among the graph's inputs`)
    }
    if (origin.kind === 'node') {
      if (!origin.inputs.every(operand => seen.has(operand))) {
        throw new GraphError(`verify: ${name} comes before one of its operands`)
      }
      const expected = inferType(origin.op, origin.inputs, origin.attributes)
      if (expected.dtype !== value.dtype || !sameShape(expected.shape, value.shape)) {
        throw new GraphError(
          `verify: ${name} is ${value.dtype}${formatShape(value.shape)}, but ${origin.op} returns ${expected.dtype}${formatShape(expected.shape)}`
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
      throw new GraphError(`verify: output ${name} has the name of an input`)
    }
  }
}

/** The values and all their ancestors, unordered, without those outside and what is reached only through them. */
export function reachedFrom(
  values: readonly Value[],
  isOutside: (value: Value) => boolean = () => false
): Set<Value> {
  const reached = new Set<Value>()
  const pending = [...values]
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (reached.has(value) || isOutside(value)) continue
    reached.add(value)
    pending.push(...value.inputs)
  }
  return reached
}

/** A value and its ancestors up to `start`, which is excluded. */
export function between(end: Value, start: Value): Set<Value> {
  return reachedFrom([end], value => value === start)
}

/** The same op on replaced operands; the value itself if none is replaced. */
export function onOperands(value: Value, became: (operand: Value) => Value): Value {
  const { origin } = value
  if (origin.kind !== 'node' || origin.inputs.every(operand => became(operand) === operand)) return value
  // `map` keeps the length of a tuple, which its type does not express.
  const inputs = origin.inputs.map(became) as readonly Value[] as typeof origin.inputs
  return apply(origin.op, inputs, origin.attributes)
}

/** Maps values, given operands first, to those computed with one replaced. @throws ShapeError when it does not fit. */
export function onOtherValue(
  values: readonly Value[],
  original: Value,
  other: Value
): (value: Value) => Value {
  const became = new Map<Value, Value>([[original, other]])
  const find = (value: Value): Value => became.get(value) ?? value
  for (const value of values) if (value !== original) became.set(value, onOperands(value, find))
  return find
}
