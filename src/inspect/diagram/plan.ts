// Assigns boxes to rows. The longest path is the column; all else is a detour around part of it: a bare shortcut or a branch
// with boxes. Horizontal lines run between rows or in otherwise empty rows, so that they never meet boxes.
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'

/** A path around a part of the column or of another detour. */
export interface Detour {
  readonly source: DiagramNode
  readonly chain: readonly DiagramNode[]
  readonly target: DiagramNode
}

export interface Plan {
  readonly column: readonly DiagramNode[]
  readonly detours: readonly Detour[]
  readonly rowOf: ReadonlyMap<DiagramNode, number>
  readonly rows: number
}

export function planRows(graph: DiagramGraph): Plan {
  const ways = findWays(graph)
  const targets = new Set(ways.detours.map(({ target }) => target))
  const rowOf = new Map<DiagramNode, number>()
  let [free, last] = [0, -1]
  for (const node of inTurn(graph, targets)) {
    const above = (graph.sources.get(node) ?? []).map(source => rowOf.get(source) ?? 0)
    const row = targets.has(node) ? last + 1 : above.reduce((low, each) => Math.max(low, each + 1), free)
    rowOf.set(node, row)
    last = Math.max(last, row)
    // Later boxes go below a row that a detour leads into.
    if (targets.has(node)) free = row + 1
  }
  return { ...ways, rowOf, rows: last + 1 }
}

/** Topological order; targets of detours come as late as possible, so that nothing is beside them. */
function* inTurn(
  { nodes, sources }: DiagramGraph,
  targets: ReadonlySet<DiagramNode>
): Generator<DiagramNode> {
  const waiting = new Set(nodes)
  while (waiting.size > 0) {
    const ready = [...waiting].filter(node => !sources.get(node)?.some(source => waiting.has(source)))
    const early = ready.filter(node => !targets.has(node))
    for (const node of early.length > 0 ? early : ready.slice(0, 1)) {
      waiting.delete(node)
      yield node
    }
  }
}

/** The longest path, and the detours around its parts. */
export function findWays({ nodes, sources }: DiagramGraph): Pick<Plan, 'column' | 'detours'> {
  const depths = new Map<DiagramNode, number>()
  const depthOf = (node: DiagramNode): number => depths.get(node) ?? 0
  const deepest = (candidates: readonly DiagramNode[]): DiagramNode | undefined =>
    candidates.toSorted((a, b) => depthOf(b) - depthOf(a)).at(0)
  for (const node of nodes) {
    const above = (sources.get(node) ?? []).map(depthOf)
    depths.set(node, Math.max(0, ...above) + (node.role === 'input' ? 0 : node.values.length))
  }

  const placed = new Set<DiagramNode>()
  const drawn = new Map<DiagramNode, Set<DiagramNode>>(nodes.map(node => [node, new Set()]))
  /** The longest path back from a box over unplaced boxes. */
  const wayTo = (end: DiagramNode): DiagramNode[] => {
    const way: DiagramNode[] = []
    for (let node: DiagramNode | undefined = end; node;) {
      way.unshift(node)
      placed.add(node)
      const unplaced = (sources.get(node) ?? []).filter(each => !placed.has(each))
      const before: DiagramNode | undefined = deepest(unplaced)
      if (before) drawn.get(node)?.add(before)
      node = before
    }
    return way
  }

  const column = wayTo(nodes[nodes.length - 1])
  const detours: Detour[] = []
  // Backwards: a box's consumers are placed before it.
  for (const end of [...nodes].reverse()) {
    if (placed.has(end)) continue
    const target = nodes.find(node => placed.has(node) && sources.get(node)?.includes(end))
    const chain = wayTo(end)
    const source = deepest(sources.get(chain[0]) ?? [])
    if (!target || !source) continue
    drawn.get(target)?.add(end)
    drawn.get(chain[0])?.add(source)
    detours.push({ source, chain, target })
  }
  for (const node of nodes) {
    for (const source of sources.get(node) ?? []) {
      if (!drawn.get(node)?.has(source)) detours.push({ source, chain: [], target: node })
    }
  }
  return { column, detours }
}
