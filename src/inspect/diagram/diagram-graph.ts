// What a diagram shows before it has a place: a box for every layer, or for every op that a module's own `forward`
// applies, the joins where branches meet again, and what flows between them. Read off any network's trace.
import { findJoins, type GraphJoin } from '../../ir/joins.js'
import type { Value } from '../../ir/ops.js'
import { reachedFrom } from '../../ir/reach.js'
import type { Shape } from '../../ir/shape.js'
import type { Module } from '../../nn/module.js'
import { Parameter } from '../../nn/parameter.js'
import type { ModuleCall } from '../../nn/record-calls.js'
import { trace } from '../../nn/trace.js'
import { sizeOf } from '../../tensor/tensor.js'
import { multiplyAdds } from '../multiply-adds.js'
import { callTree, type Scope } from './call-tree.js'
import { describeLayer, describeOp, type NodeRole } from './describe.js'

/** A box or a join. */
export interface DiagramNode {
  readonly role: NodeRole
  /** What is done: `3×3 conv, 64, /2`. */
  readonly title: string
  /** Which layer does it: `layer1.0.conv1`; of an op in a module's own `forward`, the module. `''` is the network. */
  readonly path: string
  /** Its class, or the op's name. */
  readonly type: string
  /** Whether it is a layer and `path` its own name. */
  readonly isLayer: boolean
  readonly shape: Shape
  /** Parameters used here for the first time. */
  readonly parameters: number
  /** Whether it also computes with parameters that were used before. */
  readonly reuses: boolean
  readonly multiplyAdds: number
  /** How many ops are in it: a way through more of them is the longer one. */
  readonly operations: number
  /** The values made in it, in order. */
  readonly values: readonly Value[]
  /** The calls it belongs to, outermost first. */
  readonly scopes: readonly Scope[]
  /** Where it is one: the sum or product of two branches. */
  readonly join?: GraphJoin
  /** What is applied to a join's result at once: `ReLU`. */
  readonly note?: string
  /** Layers that are drawn in this one's box, with itself, in order; empty where it is alone. */
  readonly merged: readonly DiagramNode[]
}

/** Boxes in the order they are computed, and what each is computed from. */
export interface DiagramGraph {
  readonly nodes: readonly DiagramNode[]
  /** The boxes that each box takes values from. */
  readonly sources: ReadonlyMap<DiagramNode, readonly DiagramNode[]>
}

/**
 * The finest drawing of a network: every layer is a box, and every op of a `forward` that calls other layers.
 * Layers that pass on what they get (dropout, identity) are left out: in the graph they are not there.
 * @throws ShapeError that names the module when the input's shape does not fit.
 */
export function diagramGraph(net: Module, input: Shape): DiagramGraph {
  const { graph, calls } = trace(net, input)
  const data = dataValues(graph.values)
  const values = graph.values.filter(value => data.has(value))
  const joins = new Map(findJoins(graph).map(join => [join.value, join]))
  const tree = callTree(calls, values)
  const seen = new Set<Parameter>()
  const operandsOf = (value: Value): Value[] => value.inputs.filter(operand => data.has(operand))

  const groups = new Map<ModuleCall | Value, Value[]>()
  for (const value of values) {
    const scopes = tree.scopesOf(value)
    const leaf = scopes.at(-1)
    const key = leaf && tree.isLeaf(leaf) && isClosed(leaf, values, joins) ? leaf.call : value
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  const holder = new Map<Value, DiagramNode>()
  const nodes = Array.from(groups, ([key, members]): DiagramNode => {
    const node = makeNode(members, !('origin' in key), tree.scopesOf(members[0]))
    for (const value of members) holder.set(value, node)
    return node
  })
  const sources = new Map(nodes.map(node => [node, sourcesOf(node)]))
  return { nodes, sources }

  function makeNode(members: readonly Value[], isLayer: boolean, scopes: readonly Scope[]): DiagramNode {
    const last = members[members.length - 1]
    const inner = scopes.at(-1)
    const join = members.length === 1 ? joins.get(last) : undefined
    const { count, reuses } = parametersOf(members, data, seen)
    const { title, role } =
      last.origin.kind === 'input'
        ? { title: 'input', role: 'input' as const }
        : join
          ? { title: join.op === 'add' ? '+' : '×', role: 'join' as const }
          : isLayer
            ? describeLayer(members, operandsOf, inner?.call.module.typeName ?? '')
            : describeOp(last, operandsOf(last))
    const op = last.origin.kind === 'node' ? last.origin.op : last.origin.kind
    return {
      role,
      title,
      path: inner?.call.path ?? '',
      type: isLayer ? (inner?.call.module.typeName ?? '') : op,
      isLayer,
      shape: last.shape,
      parameters: count,
      reuses,
      multiplyAdds: members.reduce((total, value) => total + multiplyAdds(value), 0),
      operations: last.origin.kind === 'input' ? 0 : members.length,
      values: members,
      scopes,
      ...(join ? { join } : {}),
      merged: []
    }
  }

  function sourcesOf(node: DiagramNode): DiagramNode[] {
    const found = node.values.flatMap(operandsOf).flatMap(operand => holder.get(operand) ?? [])
    return [...new Set(found)].filter(source => source !== node)
  }
}

/** The values that depend on the network's input. */
function dataValues(values: readonly Value[]): Set<Value> {
  const data = new Set<Value>()
  for (const value of values) {
    if (value.origin.kind === 'input' || value.inputs.some(operand => data.has(operand))) data.add(value)
  }
  return data
}

/**
 * Whether a module that calls no other is one box. A layer is; what does several layers' work in its own `forward`, or
 * adds its input back to it, is drawn op by op. SiLU is x · σ(x), a join too, but nobody's idea of a gate.
 */
function isClosed(
  { call: { from, to } }: Scope,
  values: readonly Value[],
  joins: ReadonlyMap<Value, GraphJoin>
): boolean {
  const own = values.filter(({ id }) => id >= from && id < to)
  const working = own.filter(value => multiplyAdds(value) > 0).length
  return working === 0 || (working === 1 && !own.some(value => joins.has(value)))
}

/** The parameters that values are computed with, directly or through ops on parameters alone. */
function parametersOf(
  members: readonly Value[],
  data: ReadonlySet<Value>,
  seen: Set<Parameter>
): { count: number; reuses: boolean } {
  const operands = members.flatMap(value => value.inputs)
  const found = new Set<Parameter>()
  for (const { origin } of reachedFrom(operands, value => data.has(value))) {
    if (origin.kind === 'state' && origin.holder instanceof Parameter) found.add(origin.holder)
  }
  const fresh = [...found].filter(parameter => !seen.has(parameter))
  for (const parameter of fresh) seen.add(parameter)
  return {
    count: fresh.reduce((total, { shape }) => total + sizeOf(shape), 0),
    reuses: fresh.length < found.size
  }
}
