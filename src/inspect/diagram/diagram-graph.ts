// A diagram's boxes and connections before layout: one box per layer or per op in a module's own `forward`, and joins.
import { findJoins, type GraphJoin } from '../../ir/joins.js'
import type { Value } from '../../ir/ops.js'
import { reachedFrom } from '../../ir/graph.js'
import type { Shape } from '../../ir/shape.js'
import type { Module } from '../../nn/module/module.js'
import { Parameter } from '../../nn/module/parameter.js'
import { trace, type ModuleCall } from '../../nn/trace/trace.js'
import { sizeOf } from '../../tensor/tensor.js'
import { groupBy } from '../group-by.js'
import { multiplyAdds } from '../summary/multiply-adds.js'
import { describeLayer, describeOp, type NodeRole } from './describe.js'

export interface DiagramNode {
  readonly role: NodeRole
  /** A description: `3×3 conv, 64, /2`. */
  readonly title: string
  /** The layer's module, `layer1.0.relu`; for an op, the module whose `forward` applies it. `''` is the network. */
  readonly path: string
  /** The name of that call's result: the path, and `layer1.0.relu_1` for a second call. */
  readonly name: string
  /** Its class, or the op's name. */
  readonly type: string
  /** Whether it is a layer, so that `path` and `name` are its own. */
  readonly isLayer: boolean
  readonly shape: Shape
  /** Parameters first used here. */
  readonly parameters: number
  /** Whether it also uses parameters of earlier boxes. */
  readonly reuses: boolean
  readonly multiplyAdds: number
  /** Its values, in execution order. */
  readonly values: readonly Value[]
  /** The enclosing calls, outermost first. */
  readonly scopes: readonly ModuleCall[]
  /** Set for a sum or product of two branches. */
  readonly join?: GraphJoin
  /** A function applied directly to a join's result: `ReLU`. */
  readonly note?: string
  /** Layers drawn in this box, itself included, in order; empty if it is alone. */
  readonly merged?: readonly DiagramNode[]
}

/** Boxes in execution order, and their inputs. */
export interface DiagramGraph {
  readonly nodes: readonly DiagramNode[]
  /** The boxes that each box takes values from. */
  readonly sources: ReadonlyMap<DiagramNode, readonly DiagramNode[]>
}

/**
 * The most detailed drawing: a box per layer, and per op of a `forward` that calls other layers or of an opened layer.
 * Layers without an op (dropout, identity) are omitted.
 * @throws ShapeError naming the module when the input's shape does not fit.
 */
export function diagramGraph(
  net: Module,
  input: Shape,
  opened: ReadonlySet<Module> = new Set()
): DiagramGraph {
  const { graph, calls } = trace(net, input)
  const data = dataValues(graph.values)
  const joins = new Map(findJoins(graph).map(join => [join.value, join]))
  const scopes = new Map(
    Array.from(data, value => [value, calls.filter(({ from, to }) => value.id >= from && value.id < to)])
  )
  const outer = new Set([...scopes.values()].flatMap(around => around.slice(0, -1)))
  const seen = new Set<Parameter>()
  const operandsOf = (value: Value): Value[] => value.inputs.filter(operand => data.has(operand))

  const groups = groupBy(data, value => {
    const leaf = scopes.get(value)?.at(-1)
    const isLayer = leaf && !outer.has(leaf) && !opened.has(leaf.module) && isClosed(leaf, data, joins)
    return isLayer ? leaf : value
  })
  const holder = new Map<Value, DiagramNode>()
  const nodes = Array.from(groups, ([key, members]): DiagramNode => {
    const node = makeNode(members, !('origin' in key))
    for (const value of members) holder.set(value, node)
    return node
  })
  const sources = new Map(nodes.map(node => [node, sourcesOf(node)]))
  return { nodes, sources }

  function makeNode(values: readonly Value[], isLayer: boolean): DiagramNode {
    const last = values[values.length - 1]
    const around = scopes.get(values[0]) ?? []
    const inner = around.at(-1)
    const typeName = inner?.module.typeName ?? ''
    const join = values.length === 1 ? joins.get(last) : undefined
    const described =
      last.origin.kind === 'input'
        ? { title: 'input', role: 'input' as const }
        : join
          ? { title: join.op === 'add' ? '+' : '×', role: 'join' as const }
          : isLayer
            ? describeLayer(values, operandsOf, typeName)
            : describeOp(last, operandsOf(last))
    const op = last.origin.kind === 'node' ? last.origin.op : last.origin.kind
    return {
      ...described,
      ...parametersOf(values, data, seen),
      path: inner?.path ?? '',
      name: inner?.name ?? '',
      type: isLayer ? typeName : op,
      isLayer,
      shape: last.shape,
      multiplyAdds: values.reduce((total, value) => total + multiplyAdds(value), 0),
      values,
      scopes: around,
      ...(join ? { join } : {})
    }
  }

  function sourcesOf(node: DiagramNode): DiagramNode[] {
    const found = node.values.flatMap(operandsOf).flatMap(operand => holder.get(operand) ?? [])
    return [...new Set(found)].filter(source => source !== node)
  }
}

/** The values that depend on the network's input, in execution order. */
function dataValues(values: readonly Value[]): Set<Value> {
  const data = new Set<Value>()
  for (const value of values) {
    if (value.origin.kind === 'input' || value.inputs.some(operand => data.has(operand))) data.add(value)
  }
  return data
}

/** Whether a module without calls is drawn as one box: not if it joins branches (except SiLU) or does several layers' work. */
function isClosed(call: ModuleCall, data: ReadonlySet<Value>, joins: ReadonlyMap<Value, GraphJoin>): boolean {
  const own = [...data].filter(({ id }) => id >= call.from && id < call.to)
  const working = own.filter(value => multiplyAdds(value) > 0).length
  return working === 0 || (working === 1 && !own.some(value => joins.has(value)))
}

/** The parameters of values, used directly or through ops on parameters. */
function parametersOf(
  members: readonly Value[],
  data: ReadonlySet<Value>,
  seen: Set<Parameter>
): Pick<DiagramNode, 'parameters' | 'reuses'> {
  const operands = members.flatMap(value => value.inputs)
  const found = new Set<Parameter>()
  for (const { origin } of reachedFrom(operands, value => data.has(value))) {
    if (origin.kind === 'state' && origin.holder instanceof Parameter) found.add(origin.holder)
  }
  const fresh = [...found].filter(parameter => !seen.has(parameter))
  for (const parameter of fresh) seen.add(parameter)
  return {
    parameters: fresh.reduce((total, { shape }) => total + sizeOf(shape), 0),
    reuses: fresh.length < found.size
  }
}
