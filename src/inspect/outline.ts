// A network as its picture sees it, in plain data: parts in parts, the way through them, and the ways around. Read off any
// network's trace, so that whoever draws (a page, say, in another thread) needs nothing of the library.
import { aString, checkedLater, checkOptions } from '../base/options.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { countLayers, type LayerCount } from './count-layers.js'
import type { NodeRole } from './diagram/describe.js'
import { diagramGraph, type DiagramGraph, type DiagramNode } from './diagram/diagram-graph.js'
import { planRows } from './diagram/plan.js'
import { contract, cutOut, together } from './diagram/regroup.js'
import { networkCosts, type NetworkCosts } from './network-costs.js'
import { printedLines, type LineRange } from './printed-lines.js'

/** A layer, an op of a module's own `forward`, or a module with parts of its own. */
export interface OutlinePart {
  /** Its name in the outline: a module's dotted name, with a number where it runs again (`layer1.0.relu#2`). */
  readonly id: string
  /** The module's dotted name; of an op, the module whose `forward` it is in. */
  readonly path: string
  /** The module's class, or the op's name. */
  readonly type: string
  /** What it does: `3×3 conv, 64, /2`; of a module with parts, its class. */
  readonly title: string
  /** What kind of work it is; `group` for a module with parts. */
  readonly role: NodeRole
  /** Shapes of what comes in, in the order it is used. */
  readonly inputShapes: readonly Shape[]
  readonly outputShape: Shape
  /** Parameters used here for the first time, in all its parts. */
  readonly parameters: number
  /** Multiply-adds in all its parts. */
  readonly multiplyAdds: number
  /** Where two branches meet: F(x) + x, or F(x) · x. */
  readonly join?: 'add' | 'mul'
  /** The longest way through it, in order; empty for a layer or an op. */
  readonly parts: readonly OutlinePart[]
  /** Everything that goes around a part of that way. */
  readonly detours: readonly OutlineDetour[]
}

/** A way around: a bare shortcut, or one with parts of its own on it. */
export interface OutlineDetour {
  /** The part it leaves behind; nothing where it begins with what comes in. */
  readonly from: string | undefined
  /** The part it leads into; nothing where it leads out of the module by itself. */
  readonly to: string | undefined
  /** The parts on it, in order. */
  readonly parts: readonly OutlinePart[]
}

/** A network in plain data: it can be sent to a worker, or written as JSON. */
export interface NetworkOutline {
  /** The network; its first part is its input. */
  readonly root: OutlinePart
  /** What `String(net)` gives. */
  readonly text: string
  /** The lines of each module in it, by dotted name; the first line is 0. */
  readonly lines: Readonly<Record<string, LineRange>>
  readonly layers: LayerCount
  readonly costs: NetworkCosts
}

/**
 * Outlines a network; nothing is computed.
 *
 * @param options what it is outlined for: the input's shape, batch first, default `[1, 3, 224, 224]`, and what the network is called.
 * @throws ShapeError that names the module when the input's shape does not fit.
 * @example
 * outlineNetwork(resnet18()).root.parts.map(({ id }) => id) // ['input', 'conv1', 'bn1', 'relu', …, 'layer1', …, 'fc']
 */
export function outlineNetwork(
  net: Module,
  options: { readonly input?: Shape; readonly name?: string } = {}
): NetworkOutline {
  checkOptions('outlineNetwork', options, { input: checkedLater<Shape>(), name: aString })
  const { input = [1, 3, 224, 224], name } = options
  const graph = diagramGraph(net, input)
  return {
    root: outlineGraph(net, graph),
    text: String(net),
    lines: Object.fromEntries(printedLines(net)),
    layers: countLayers(net),
    costs: networkCosts(net, { input, ...(name === undefined ? {} : { name }) })
  }
}

function outlineGraph(net: Module, graph: DiagramGraph): OutlinePart {
  const counts = new Map<string, number>()
  const leafIds = new Map<DiagramNode, string>()
  const idOf = (wanted: string): string => {
    const count = (counts.get(wanted) ?? 0) + 1
    counts.set(wanted, count)
    return count === 1 ? wanted : `${wanted}#${count}`
  }
  // Numbered in the order they run, whatever way they are drawn on.
  for (const node of graph.nodes) leafIds.set(node, idOf(leafName(node)))
  const root = container(graph.nodes, 0)
  return { ...root, id: '', path: '', type: net.typeName, title: net.typeName }

  function leaf(node: DiagramNode): OutlinePart {
    const { path, type, title, role, shape, parameters, multiplyAdds, join } = node
    return {
      id: leafIds.get(node) ?? '',
      path,
      type,
      title,
      role,
      inputShapes: (graph.sources.get(node) ?? []).map(source => source.shape),
      outputShape: shape,
      parameters,
      multiplyAdds,
      ...(join ? { join: join.op } : {}),
      parts: [],
      detours: []
    }
  }

  /** The boxes of one call, drawn as its parts; `depth` is how many calls it lies in. */
  function container(members: readonly DiagramNode[], depth: number): OutlinePart {
    const cut = cutOut(graph, new Set(members))
    const groups = new Map<unknown, DiagramNode[]>()
    for (const node of members) {
      const key = partOf(node, depth)
      groups.set(key, [...(groups.get(key) ?? []), node])
    }
    const units = new Map<DiagramNode, OutlinePart>()
    const contracted = contract(
      cut,
      Array.from(groups.values(), group => {
        const isLeaf = group.length === 1 && partOf(group[0], depth) === group[0]
        const unit = isLeaf ? group[0] : together(group)
        units.set(unit, isLeaf ? leaf(group[0]) : container(group, depth + 1))
        return [group, unit] as const
      })
    )
    const isEntry = (node: DiagramNode): boolean => !units.has(node)
    const { parts, detours } = ways(contracted, units)
    const scope = members[0].scopes[depth]
    const type = scope?.call.module.typeName ?? ''
    const path = scope?.call.path ?? ''
    return {
      id: path === '' ? '' : idOf(path),
      path,
      type,
      title: type,
      role: 'group',
      inputShapes: contracted.nodes.filter(isEntry).map(({ shape }) => shape),
      outputShape: scope?.call.result.shape ?? members[members.length - 1].shape,
      parameters: members.reduce((sum, { parameters }) => sum + parameters, 0),
      multiplyAdds: members.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
      parts,
      detours
    }
  }
}

/** Which part of a call a box belongs to: a call inside it, or itself. */
function partOf(node: DiagramNode, depth: number): unknown {
  const inner = node.scopes[depth + 1]
  const isOwn = inner === undefined || (node.isLayer && node.scopes.length === depth + 2)
  return isOwn ? node : inner.call
}

function leafName({ path, type, isLayer }: DiagramNode): string {
  if (isLayer) return path
  return path === '' ? type : `${path}/${type}`
}

/** The longest way through some boxes, and everything beside it. */
function ways(
  graph: DiagramGraph,
  units: ReadonlyMap<DiagramNode, OutlinePart>
): Pick<OutlinePart, 'parts' | 'detours'> {
  const { column, detours } = planRows(graph)
  const partsOf = (nodes: readonly DiagramNode[]): OutlinePart[] =>
    nodes.flatMap(node => units.get(node) ?? [])
  const idOf = (node: DiagramNode | undefined): string | undefined => node && units.get(node)?.id
  const around = detours.map(({ source, chain, target }) => ({
    from: idOf(source),
    to: idOf(target),
    parts: partsOf(chain)
  }))
  // What a module computes and does not use itself leads out of it.
  const drawn = new Set([...column, ...detours.flatMap(({ chain }) => chain)])
  const beside = graph.nodes
    .filter(node => !drawn.has(node) && units.has(node))
    .map(node => ({
      from: idOf(graph.sources.get(node)?.[0]),
      to: undefined,
      parts: partsOf([node])
    }))
  return { parts: partsOf(column), detours: [...around, ...beside] }
}
