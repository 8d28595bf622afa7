// Maps a network's parameters and buffers to the state inputs of a graph.
import type { Graph } from '../../ir/graph.js'
import { state } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { averageName } from '../../networks/network-tensors.js'
import { namedHolders, type Module } from '../../nn/module.js'
import type { StateSlot } from '../../runtime/engine.js'

/** Names of a graph's values, with states under input names of their own, distinct from a step's ports. */
export function withInputNames(
  nameOf: (value: Value) => string | undefined
): (value: Value) => string | undefined {
  return value => {
    const name = nameOf(value)
    return value.origin.kind === 'state' && name !== undefined ? `state/${name}` : name
  }
}

/**
 * The state that a graph reads.
 * @param averaged whether to read moving averages where there are any.
 */
export function slotsRead(graph: Graph, net: Module, averaged = false): StateSlot[] {
  const names = new Map(namedHolders(net).map(([name, holder]) => [state(holder), name]))
  return graph.values.flatMap((value): StateSlot[] => {
    const [name, input] = [names.get(value), graph.names.get(value)]
    if (name === undefined || input === undefined) return []
    return [{ name: averaged && value.dtype === 'float32' ? averageName(name) : name, input }]
  })
}
