// A network's parameters and buffers as the state of a graph: the inputs they come in by, and which of them it reads.
import type { Graph } from '../ir/graph.js'
import { state } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import type { Module } from '../nn/module.js'
import { namedHolders } from '../nn/named-holders.js'
import type { StateSlot } from '../runtime/engine.js'
import { averageName, inputName } from './state-names.js'

/** Names for a graph's values: as they are, but with states under the names of their inputs. */
export function withInputNames(
  nameOf: (value: Value) => string | undefined
): (value: Value) => string | undefined {
  return value => {
    const name = nameOf(value)
    return value.origin.kind === 'state' && name !== undefined ? inputName(name) : name
  }
}

/**
 * What a graph reads of its network.
 * @param averaged whether it reads the moving average where there is one.
 */
export function slotsRead(graph: Graph, net: Module, averaged = false): StateSlot[] {
  const names = new Map(namedHolders(net).map(([name, holder]) => [state(holder), name]))
  return graph.values.flatMap((value): StateSlot[] => {
    const [name, input] = [names.get(value), graph.names.get(value)]
    if (name === undefined || input === undefined) return []
    return [{ name: averaged && value.dtype === 'float32' ? averageName(name) : name, input }]
  })
}
