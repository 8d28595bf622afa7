// Which box is in which row, not yet in pixels. The longest way through the network is the column; everything else is
// a detour around a part of it: a bare shortcut, or a branch with boxes of its own.
// Horizontal lines run between rows, or in a row that holds nothing but where they lead: so none can meet a box.
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'

/** A way around a part of the column, or around a part of another detour. */
export interface Detour {
  readonly source: DiagramNode
  /** The boxes on it, in order. */
  readonly chain: readonly DiagramNode[]
  readonly target: DiagramNode
}

/** Rows and ways. */
export interface Plan {
  /** The column, top to bottom. */
  readonly column: readonly DiagramNode[]
  readonly detours: readonly Detour[]
  readonly rowOf: ReadonlyMap<DiagramNode, number>
  readonly rows: number
}

/** Finds the column, the detours and a row for every box. */
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
    // Whatever comes later stands below a row that a detour leads into.
    if (targets.has(node)) free = row + 1
  }
  return { ...ways, rowOf, rows: last + 1 }
}

/** Every box after what it takes from, and boxes that detours lead into as late as can be: nothing is left beside them. */
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

/** The plan of a drawing whose boxes stand in given rows. */
export function planInRows(graph: DiagramGraph, rowOf: ReadonlyMap<DiagramNode, number>, rows: number): Plan {
  return { ...findWays(graph), rowOf, rows }
}

function findWays({ nodes, sources }: DiagramGraph): Pick<Plan, 'column' | 'detours'> {
  const depths = new Map<DiagramNode, number>()
  const depthOf = (node: DiagramNode): number => depths.get(node) ?? 0
  const deepest = (candidates: readonly DiagramNode[]): DiagramNode | undefined =>
    candidates.reduce<DiagramNode | undefined>(
      (best, each) => (best === undefined || depthOf(each) > depthOf(best) ? each : best),
      undefined
    )
  for (const node of nodes) {
    const before = deepest(sources.get(node) ?? [])
    depths.set(node, node.operations + (before ? depthOf(before) : 0))
  }

  const placed = new Set<DiagramNode>()
  const drawn = new Map<DiagramNode, Set<DiagramNode>>(nodes.map(node => [node, new Set()]))
  /** Follows the longest way back from a box, over boxes that have no place yet. */
  const wayTo = (end: DiagramNode): DiagramNode[] => {
    const way: DiagramNode[] = []
    for (let node: DiagramNode | undefined = end; node;) {
      way.unshift(node)
      placed.add(node)
      const before: DiagramNode | undefined = deepest(
        (sources.get(node) ?? []).filter(each => !placed.has(each))
      )
      if (before) drawn.get(node)?.add(before)
      node = before
    }
    return way
  }

  const column = wayTo(nodes[nodes.length - 1])
  const detours: Detour[] = []
  // From the end: a box's takers have their places before it gets its own.
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
