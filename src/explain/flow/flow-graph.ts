// Finds a network's layers in order of depth, and its residual sums F(x) + x, in its graph.
import { findJoins, findPlainValues, type GraphJoin } from '../../ir/joins.js'
import type { Graph } from '../../ir/graph.js'
import { madeBy, type StateHolder, type Value } from '../../ir/ops.js'
import type { Module } from '../../nn/module/module.js'

/** A layer whose gradient is recorded. */
export interface FlowLayer {
  /** The name of its weight. */
  readonly parameter: string
  /** Layers on the longest path from the input to it, itself included. */
  readonly depth: number
  /** Whether it is on a shortcut, so that the plain twin lacks it. */
  readonly onShortcut: boolean
}

/** The trained convolutions in order of depth, or else the linear layers; reused ones count once, at their first use. */
export function findLayers(graph: Graph, net: Module): FlowLayer[] {
  const names = new Map<StateHolder, string>(
    Array.from(net.namedParameters()).flatMap(([name, parameter]) =>
      parameter.requiresGrad ? [[parameter, name] as const] : []
    )
  )
  const kept = findPlainValues(graph)
  const depths = new Map<Value, number>()
  const found = { conv2d: new Map<string, FlowLayer>(), linear: new Map<string, FlowLayer>() }
  for (const value of graph.values) {
    const before = value.inputs.reduce((deepest, operand) => Math.max(deepest, depths.get(operand) ?? 0), 0)
    const layer = madeBy(value, 'conv2d') ?? madeBy(value, 'linear')
    depths.set(value, layer ? before + 1 : before)
    const weight = layer?.inputs[1].origin
    const parameter = weight?.kind === 'state' ? names.get(weight.holder) : undefined
    if (!layer || parameter === undefined || found[layer.op].has(parameter)) continue
    found[layer.op].set(parameter, { parameter, depth: before + 1, onShortcut: !kept.has(value) })
  }
  const layers = found.conv2d.size > 0 ? found.conv2d : found.linear
  // At equal depth, layers of the main path come first.
  return [...layers.values()].sort((a, b) => a.depth - b.depth || Number(a.onShortcut) - Number(b.onShortcut))
}

export interface ResidualSum extends Pick<GraphJoin, 'body' | 'shortcut'> {
  /** The module that computes the sum: `layer1.0`. */
  readonly name: string
  /** F(x) + x. */
  readonly sum: Value
}

/** Every sum F(x) + x in order. A sum inside a gate (F in F(x) · x) belongs to the gate. */
export function findResidualSums(graph: Graph): ResidualSum[] {
  return findJoins(graph)
    .filter(({ op, inGate }) => op === 'add' && !inGate)
    .map(({ value, body, shortcut }) => ({
      name: (graph.names.get(value) ?? '').replace('/add', ''),
      body,
      shortcut,
      sum: value
    }))
}
