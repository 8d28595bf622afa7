// A network as plain data, nested parts, main path and detours, which a page in another thread draws without the library.
import { usualImage } from '../../nn/layers/probe-body.js'
import { aString } from '../../base/options.js'
import type { Shape } from '../../ir/shape.js'
import { anInputShape, checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { repr } from '../../nn/module/repr.js'
import { countLayers, type LayerCount } from '../summary/count-layers.js'
import { diagramGraph, type DiagramGraph, type DiagramNode } from '../diagram/diagram-graph.js'
import { planRows } from '../diagram/plan.js'
import { contract, cutOut, together } from '../diagram/regroup.js'
import { groupBy } from '../group-by.js'
import { networkCosts, type NetworkCosts } from '../compare/network-costs.js'

/** A layer, an op in a module's own `forward`, or a module with parts. */
export interface OutlinePart extends Pick<DiagramNode, 'path' | 'type' | 'title' | 'role'> {
  /** A unique name: that of a module's result (`layer1.0.relu`, `layer1.0.relu_1`), or an op's (`layer1.0/add`, `layer1.0/add#2`). */
  readonly id: string
  /** Input shapes, in order of use. */
  readonly inputShapes: readonly Shape[]
  readonly outputShape: Shape
  /** Parameters first used here, including parts. */
  readonly parameters: number
  /** Multiply-adds, including parts. */
  readonly multiplyAdds: number
  /** Set where two branches join: F(x) + x, or F(x) · x. */
  readonly join?: 'add' | 'mul'
  /** The longest path through it, in order; empty for a layer or an op. */
  readonly parts: readonly OutlinePart[]
  /** Paths around parts of it. */
  readonly detours: readonly OutlineDetour[]
}

/** A bare shortcut, or a branch with parts. */
export interface OutlineDetour {
  /** The part it starts after; undefined for the module's input. */
  readonly from: string | undefined
  /** The part it leads into; undefined for an output of the module. */
  readonly to: string | undefined
  /** The parts on it, in order. */
  readonly parts: readonly OutlinePart[]
}

/** First and last line of a module, from 0. */
export type LineRange = readonly [first: number, last: number]

/** A network as plain data, which can be sent to a worker or stored as JSON. */
export interface NetworkOutline {
  /** The network; its first part is the input. */
  readonly root: OutlinePart
  /** The text of `String(net)`. */
  readonly text: string
  /** Each module's lines in it, by dotted name, from 0. */
  readonly lines: Readonly<Record<string, LineRange>>
  readonly layers: LayerCount
  readonly costs: NetworkCosts
}

/**
 * Outlines a network without running it.
 *
 * @param options the input's shape, batch first, default as for `summarize`, and the network's name.
 * @throws ShapeError naming the module when the input's shape does not fit.
 * @example
 * outlineNetwork(resnet18()).root.parts.map(({ id }) => id) // ['input', 'conv1', 'bn1', 'relu', …, 'layer1', …, 'fc']
 */
export function outlineNetwork(
  net: Module,
  options: { readonly input?: Shape; readonly name?: string } = {}
): NetworkOutline {
  checkNetworkCall('outlineNetwork', net, options, { input: anInputShape, name: aString })
  const { input = usualImage(net), name = net.typeName } = options
  const graph = diagramGraph(net, input)
  return {
    root: outlineGraph(net, graph),
    text: String(net),
    lines: Object.fromEntries(printedLines(net)),
    layers: countLayers(net, { input }),
    costs: networkCosts(net, { input, name })
  }
}

function outlineGraph(net: Module, graph: DiagramGraph): OutlinePart {
  const counts = new Map<string, number>()
  const idOf = (wanted: string): string => {
    const count = (counts.get(wanted) ?? 0) + 1
    counts.set(wanted, count)
    return count === 1 ? wanted : `${wanted}#${count}`
  }
  // Numbered in execution order, independent of the drawing.
  const leafIds = new Map(graph.nodes.map(node => [node, idOf(leafName(node))]))
  const root = container(graph.nodes, 0)
  return { ...root, id: '', path: '', type: net.typeName, title: net.typeName }

  /** The parts of one call; `depth` is the number of enclosing calls. */
  function container(members: readonly DiagramNode[], depth: number): OutlinePart {
    const groups = groupBy(members, node => partOf(node, depth))
    const units = new Map<DiagramNode, OutlinePart>()
    const contracted = contract(
      cutOut(graph, new Set(members)),
      Array.from(groups, ([part, group]) => {
        const [first] = group
        const isLeaf = part === first
        const unit = isLeaf ? first : together(group)
        const inner = isLeaf ? partFrom(first, leafIds.get(first), graph.sources.get(first)) : undefined
        units.set(unit, inner ?? container(group, depth + 1))
        return [group, unit] as const
      })
    )
    const scope = members[0].scopes.at(depth)
    const [path, name, type] = [scope?.path ?? '', scope?.name ?? '', scope?.module.typeName ?? '']
    const { join: _, ...whole } = together(members)
    const entries = contracted.nodes.filter(node => !units.has(node))
    return {
      ...partFrom(
        { ...whole, path, name, type, title: type, role: 'group' },
        name === '' ? '' : idOf(name),
        entries
      ),
      ...(scope ? { outputShape: scope.result.shape } : {}),
      ...ways(contracted, units)
    }
  }
}

function partFrom(
  { path, type, title, role, shape, parameters, multiplyAdds, join }: DiagramNode,
  id = '',
  sources: readonly DiagramNode[] = []
): OutlinePart {
  return {
    id,
    path,
    type,
    title,
    role,
    inputShapes: sources.map(source => source.shape),
    outputShape: shape,
    parameters,
    multiplyAdds,
    ...(join ? { join: join.op } : {}),
    parts: [],
    detours: []
  }
}

/** The part of a call that a box belongs to: an inner call, or itself. */
function partOf(node: DiagramNode, depth: number): unknown {
  const isOwnLayer = node.isLayer && node.scopes.length === depth + 2
  return isOwnLayer ? node : (node.scopes.at(depth + 1) ?? node)
}

function leafName({ name, type, isLayer }: DiagramNode): string {
  return isLayer ? name : name === '' ? type : `${name}/${type}`
}

/** The longest path through some boxes, and the detours. */
function ways(
  graph: DiagramGraph,
  units: ReadonlyMap<DiagramNode, OutlinePart>
): Pick<OutlinePart, 'parts' | 'detours'> {
  const { column, detours } = planRows(graph)
  const partsOf = (nodes: readonly DiagramNode[]): OutlinePart[] =>
    nodes.flatMap(node => units.get(node) ?? [])
  const idOf = (node: DiagramNode | undefined): string | undefined => node && units.get(node)?.id
  // Values that a module computes but does not use lead out of it.
  const drawn = new Set([...column, ...detours.flatMap(({ chain }) => chain)])
  const beside = graph.nodes
    .filter(node => !drawn.has(node) && units.has(node))
    .map(node => ({ source: graph.sources.get(node)?.[0], chain: [node], target: undefined }))
  const around = [...detours, ...beside].map(({ source, chain, target }) => ({
    from: idOf(source),
    to: idOf(target),
    parts: partsOf(chain)
  }))
  return { parts: partsOf(column), detours: around }
}

/** Each module's lines in `String(net)`, by dotted name; the first place for modules printed twice. */
function printedLines(net: Module): ReadonlyMap<string, LineRange> {
  const lines = new Map<string, LineRange>()
  const visit = (module: Module, path: string, first: number): number => {
    const children = [...module.namedChildren()]
    const lead = children.length > 0 && module.extraRepr('torch') !== '' ? 2 : 1
    let next = first + lead
    for (const [name, child] of children) next = visit(child, path === '' ? name : `${path}.${name}`, next)
    // A layer's text may have several lines; a container ends with its parenthesis.
    const last = children.length > 0 ? next : first + repr(module, 'torch').split('\n').length - 1
    if (!lines.has(path)) lines.set(path, [first, last])
    return last + 1
  }
  visit(net, '', 0)
  return lines
}
