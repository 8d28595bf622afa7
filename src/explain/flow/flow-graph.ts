// What is watched while a network learns, found in its graph and so in anybody's network: its layers in order of depth,
// and its residual sums F(x) + x.
import { findJoins, type GraphJoin } from '../../ir/joins.js'
import type { Graph } from '../../ir/graph.js'
import { madeBy, type StateHolder, type Value } from '../../ir/ops.js'
import { between } from '../../ir/reach.js'
import type { Module } from '../../nn/module.js'

/** A layer whose gradient is watched. */
export interface FlowLayer {
  /** The name of its weight. */
  readonly parameter: string
  /** How many layers the longest way from the input to it goes through, itself included. */
  readonly depth: number
  /** Whether it stands on a shortcut, beside the way that the plain twin goes, too. */
  readonly onShortcut: boolean
}

/**
 * The convolutions that are trained, from the first to the last; the linear layers of a network without any. A layer that
 * is used more than once counts where it is used first.
 */
export function findLayers(graph: Graph, net: Module): FlowLayer[] {
  const names = new Map<StateHolder, string>(
    Array.from(net.namedParameters()).flatMap(([name, parameter]) =>
      parameter.requiresGrad ? [[parameter, name] as const] : []
    )
  )
  const besides = valuesOnShortcuts(findJoins(graph))
  const depths = new Map<Value, number>()
  const found = { conv2d: new Map<string, FlowLayer>(), linear: new Map<string, FlowLayer>() }
  for (const value of graph.values) {
    const before = value.inputs.reduce((deepest, operand) => Math.max(deepest, depths.get(operand) ?? 0), 0)
    const layer = madeBy(value, 'conv2d') ?? madeBy(value, 'linear')
    depths.set(value, layer ? before + 1 : before)
    const weight = layer?.inputs[1].origin
    const parameter = weight?.kind === 'state' ? names.get(weight.holder) : undefined
    if (!layer || parameter === undefined || found[layer.op].has(parameter)) continue
    found[layer.op].set(parameter, { parameter, depth: before + 1, onShortcut: besides.has(value) })
  }
  const layers = found.conv2d.size > 0 ? found.conv2d : found.linear
  // Of equal depth, those on the way that the plain twin goes come first.
  return [...layers.values()].sort((a, b) => a.depth - b.depth || Number(a.onShortcut) - Number(b.onShortcut))
}

function valuesOnShortcuts(joins: readonly GraphJoin[]): ReadonlySet<Value> {
  return new Set(
    joins.filter(({ op }) => op === 'add').flatMap(({ shortcut, fork }) => [...between(shortcut, fork)])
  )
}

/** A residual sum, and what it is called. */
export interface ResidualSum {
  /** The module that adds: `layer1.0`. */
  readonly name: string
  /** F(x). */
  readonly body: Value
  /** x, or what carries it where F changes the shape. */
  readonly shortcut: Value
  /** F(x) + x. */
  readonly sum: Value
}

/** Every sum F(x) + x, from the first to the last. A sum inside a gate (F in F(x) · x) belongs to the gate. */
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
