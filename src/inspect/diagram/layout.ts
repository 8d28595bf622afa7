// Positions of boxes and lines in pixels; the column's middle is x = 0.
import { groupBy } from '../group-by.js'
import type { DiagramNode } from './diagram-graph.js'
import type { Detour, Plan } from './plan.js'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface LayoutSizes {
  widthOf(node: DiagramNode): number
  /** Width of a detour's label; 0 for none. */
  labelOf(detour: Detour): number
  /** Distance of a lane from its contents. */
  readonly gap: number
  heightOf(node: DiagramNode): number
  /** Minimum distance between rows. */
  readonly rowGap: number
}

/** A detour's vertical line, which crosses no other. */
export interface Lane extends Detour {
  /** Of its line; negative on the left. */
  readonly x: number
  readonly side: 1 | -1
  /** Extent from the column's middle, with boxes and label. */
  readonly reach: number
}

/** A placed box: x is its middle, y its upper edge. */
export interface Placed {
  readonly node: DiagramNode
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Wire {
  readonly from: DiagramNode
  readonly to: DiagramNode
  readonly points: readonly Point[]
  /** The lane it runs in; undefined for the column's. */
  readonly lane: Lane | undefined
  /** Whether it starts on a line instead of a box. */
  readonly forks: boolean
}

export interface Layout {
  readonly plan: Plan
  readonly placed: ReadonlyMap<DiagramNode, Placed>
  readonly wires: readonly Wire[]
  readonly lanes: readonly Lane[]
  /** Extent to the left (negative) and right. */
  readonly left: number
  readonly right: number
}

export type Range = readonly [first: number, last: number]

export interface Rows {
  readonly tops: readonly number[]
  readonly heights: readonly number[]
}

export const JOIN_RADIUS = 10
const FIRST_PORT = 7
const PORT_STEP = 7
// Minimum length of a line before an arrowhead.
const BELOW_PORTS = 14

/** Rows high enough for their contents in all drawings. */
export function stackRows(plans: readonly Plan[], { heightOf, rowGap }: LayoutSizes): Rows {
  const count = Math.max(...plans.map(({ rows }) => rows))
  const heights = Array.from({ length: count }, () => 0)
  const gaps = Array.from({ length: count }, () => rowGap)
  for (const { rowOf, detours } of plans) {
    for (const [node, row] of rowOf) heights[row] = Math.max(heights[row], heightOf(node))
    for (const [row, { length }] of groupBy(detours, ({ source }) => rowOf.get(source) ?? 0)) {
      gaps[row] = Math.max(gaps[row], FIRST_PORT + (length - 1) * PORT_STEP + BELOW_PORTS)
    }
  }
  let below = 0
  const tops = heights.map((height, row) => {
    const top = below
    below += height + gaps[row]
    return top
  })
  return { tops, heights }
}

export function layOut(plan: Plan, sizes: LayoutSizes, rows: Rows): Layout {
  const lanes = assignLanes(plan, sizes)
  const placed = placeBoxes(plan, sizes, rows, lanes)
  const column = plan.column.flatMap(node => placed.get(node) ?? [])
  const wires = [...straightWires(column, undefined), ...laneWires(plan, placed, rows, lanes)]
  return withExtent({ plan, placed, wires, lanes })
}

export function rowsOf({ plan, placed, lanes, wires }: Layout, [first, last]: Range): Layout {
  const isIn = (node: DiagramNode): boolean => {
    const row = plan.rowOf.get(node) ?? 0
    return row >= first && row <= last
  }
  return withExtent({
    plan,
    placed: new Map([...placed].filter(([node]) => isIn(node))),
    lanes: lanes.filter(({ target }) => isIn(target)),
    wires: wires.filter(({ from, to, forks }) => isIn(to) && (forks || isIn(from)))
  })
}

function withExtent(layout: Omit<Layout, 'left' | 'right'>): Layout {
  const reaches = [
    0,
    ...Array.from(layout.placed.values()).flatMap(({ x, width }) => [x - width / 2, x + width / 2]),
    ...layout.lanes.map(({ side, reach }) => side * reach)
  ]
  return { ...layout, left: Math.min(...reaches), right: Math.max(...reaches) }
}

/** The y at which lines enter a box from the side, without a join's note. */
export function middleOf({ node, y, height }: Placed): number {
  return node.role === 'join' ? y + JOIN_RADIUS : y + height / 2
}

/** The y at which a line leaves a box downwards, ignoring a join's note. */
export function lowerEdge({ node, y, height }: Placed): number {
  return node.role === 'join' ? y + 2 * JOIN_RADIUS : y + height
}

/** The lanes of all detours, in their order: right of the column, or left where that avoids a crossing. */
function assignLanes({ detours, rowOf, column }: Plan, sizes: LayoutSizes): Lane[] {
  const owners = new Map(detours.flatMap(detour => detour.chain.map(node => [node, detour] as const)))
  const lanes = new Map<Detour, Lane>()
  const span = ({ source, target }: Detour): number => row(target) - row(source)
  const row = (node: DiagramNode): number => rowOf.get(node) ?? 0
  const overlap = (a: Detour, b: Detour): boolean =>
    Math.max(row(a.source), row(b.source)) < Math.min(row(a.target), row(b.target))
  const ending = (detour: Detour): Detour[] =>
    [detour.source, detour.target].flatMap(node => owners.get(node) ?? []).filter(owner => owner !== detour)

  /** Whether one starts inside the other and ends outside it. */
  const interleaves = (a: Detour, b: Detour): boolean => {
    const [[from, to], [start, end]] = [a, b].map(({ source, target }) => [row(source), row(target)])
    return (from < start && start < to && to < end) || (start < from && from < end && end < to)
  }
  const sideOf = (detour: Detour): 1 | -1 => {
    const owner = ending(detour).flatMap(each => lanes.get(each) ?? [])[0]
    if (owner) return owner.side
    const crosses = (side: 1 | -1): boolean =>
      Array.from(lanes).some(([other, lane]) => lane.side === side && interleaves(detour, other))
    return crosses(1) && !crosses(-1) ? -1 : 1
  }
  const place = (detour: Detour): void => {
    if (lanes.has(detour)) return
    ending(detour).forEach(place)
    const side = sideOf(detour)
    const [from, to] = [row(detour.source), row(detour.target)]
    const inside = column
      .filter(node => row(node) > from && row(node) <= to)
      .map(node => sizes.widthOf(node) / 2)
    const within = Array.from(lanes)
      .filter(([other, lane]) => lane.side === side && overlap(detour, other))
      .map(([, lane]) => lane.reach)
    const half = Math.max(0, ...detour.chain.map(node => sizes.widthOf(node) / 2))
    const x = Math.max(sizes.gap, ...inside, ...within) + sizes.gap + half
    lanes.set(detour, { ...detour, x: side * x, side, reach: x + Math.max(half, sizes.labelOf(detour)) })
  }
  for (const detour of [...detours].sort((a, b) => span(a) - span(b))) place(detour)
  return detours.flatMap(detour => lanes.get(detour) ?? [])
}

function placeBoxes(plan: Plan, sizes: LayoutSizes, rows: Rows, lanes: readonly Lane[]): Layout['placed'] {
  const [{ column, rowOf }, { tops, heights }] = [plan, rows]
  const placed = new Map<DiagramNode, Placed>()
  const place = (node: DiagramNode, x: number, y?: number): void => {
    const row = rowOf.get(node) ?? 0
    const [width, height] = [sizes.widthOf(node), sizes.heightOf(node)]
    placed.set(node, { node, x, y: y ?? tops[row] + (heights[row] - height) / 2, width, height })
  }
  for (const node of column) place(node, 0)
  for (const lane of lanes) {
    const { source, chain, target, x } = lane
    if (!standsFree(lane, lanes, rowOf)) {
      for (const node of chain) place(node, x)
      continue
    }
    // Nothing crosses this lane: its boxes can be centred instead of in rows.
    const first = (rowOf.get(source) ?? 0) + 1
    const last = (rowOf.get(target) ?? 0) - 1
    const height = chain.reduce((sum, node) => sum + sizes.heightOf(node) + sizes.rowGap, -sizes.rowGap)
    let y = (tops[first] + tops[last] + heights[last] - height) / 2
    for (const node of chain) {
      place(node, x, y)
      y += sizes.heightOf(node) + sizes.rowGap
    }
  }
  return placed
}

/** Whether no other detour touches a lane's boxes or crosses it. */
function standsFree(lane: Lane, lanes: readonly Lane[], rowOf: Plan['rowOf']): boolean {
  const row = (node: DiagramNode): number => rowOf.get(node) ?? 0
  const isBetween = (at: number): boolean => at > row(lane.source) && at < row(lane.target)
  return lanes.every(other => {
    const { source, target } = other
    if (lane.chain.includes(source) || lane.chain.includes(target)) return false
    const [begins, ends] = [isBetween(row(source)), isBetween(row(target))]
    return begins === ends && (!begins || far(other) < far(lane))
  })
}

function far({ x }: Lane): number {
  return Math.abs(x)
}

function straightWires(boxes: readonly Placed[], lane: Lane | undefined): Wire[] {
  return boxes.slice(1).map((below, place) => {
    const above = boxes[place]
    const points = [
      { x: above.x, y: lowerEdge(above) },
      { x: below.x, y: below.y }
    ]
    return { from: above.node, to: below.node, points, lane, forks: false }
  })
}

function laneWires({ rowOf }: Plan, placed: Layout['placed'], rows: Rows, lanes: readonly Lane[]): Wire[] {
  const ports = portsOf(lanes, rowOf, rows)
  return lanes.flatMap((lane): Wire[] => {
    const { source, chain, target, x } = lane
    const [begin, end] = [placed.get(source), placed.get(target)]
    if (!begin || !end) return []
    const port = { x: begin.x, y: ports.get(lane) ?? 0 }
    const entry = entryPoint(end, lane, lanes)
    const leaving = [port, { x, y: port.y }]
    const arriving = [{ x, y: entry.y }, entry]
    const boxes = chain.flatMap(node => placed.get(node) ?? [])
    const [first] = boxes
    const last = boxes.at(-1)
    if (!last) return [{ from: source, to: target, points: [...leaving, ...arriving], lane, forks: true }]
    return [
      { from: source, to: first.node, points: [...leaving, { x, y: first.y }], lane, forks: true },
      ...straightWires(boxes, lane),
      { from: last.node, to: target, points: [{ x, y: lowerEdge(last) }, ...arriving], lane, forks: false }
    ]
  })
}

/** Where lanes leave below their source's row: at distinct heights, the outermost first. */
function portsOf(lanes: readonly Lane[], rowOf: Plan['rowOf'], { tops, heights }: Rows): Map<Lane, number> {
  const byFar = [...lanes].sort((a, b) => far(b) - far(a))
  const ports = new Map<Lane, number>()
  for (const [row, leaving] of groupBy(byFar, ({ source }) => rowOf.get(source) ?? 0)) {
    leaving.forEach((lane, i) => ports.set(lane, tops[row] + heights[row] + FIRST_PORT + i * PORT_STEP))
  }
  return ports
}

/** Where a lane's line enters a box; of several from one side, the innermost first. */
function entryPoint(box: Placed, lane: Lane, lanes: readonly Lane[]): Point {
  const entering = lanes
    .filter(({ target, side }) => target === lane.target && side === lane.side)
    .sort((a, b) => far(a) - far(b))
  const isJoin = box.node.role === 'join'
  const room = isJoin ? 2 * JOIN_RADIUS : box.height
  const place = entering.indexOf(lane) - (entering.length - 1) / 2
  const offset = place * Math.min(10, room / (entering.length + 1))
  const half = isJoin ? Math.sqrt(JOIN_RADIUS ** 2 - offset ** 2) : box.width / 2
  return { x: box.x + (lane.x >= box.x ? half : -half), y: middleOf(box) + offset }
}
