// Positions of boxes and lines in pixels; the column's middle is x = 0.
import type { DiagramNode } from './diagram-graph.js'
import { assignLanes, type Lane, type LaneSizes } from './lanes.js'
import type { Detour, Plan } from './plan.js'

/** A point in pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Sizes and distances. */
export interface LayoutSizes extends LaneSizes {
  heightOf(node: DiagramNode): number
  /** Minimum distance between rows. */
  readonly rowGap: number
}

/** A placed box: x is its middle, y its upper edge. */
export interface Placed {
  readonly node: DiagramNode
  readonly row: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A rectangular line between boxes. */
export interface Wire {
  readonly from: DiagramNode
  readonly to: DiagramNode
  readonly points: readonly Point[]
  /** The detour it belongs to. */
  readonly detour: Detour | undefined
  /** Whether it starts on a line instead of a box. */
  readonly forks: boolean
}

/** All positions. */
export interface Layout {
  readonly plan: Plan
  readonly placed: ReadonlyMap<DiagramNode, Placed>
  readonly wires: readonly Wire[]
  readonly lanes: ReadonlyMap<Detour, Lane>
  /** Extent to the left (negative) and right. */
  readonly left: number
  readonly right: number
}

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
export function stackRows(
  plans: readonly (readonly [Plan, LayoutSizes])[],
  extraGap: (row: number) => number = () => 0
): Rows {
  const count = Math.max(...plans.map(([plan]) => plan.rows))
  const heights = Array.from({ length: count }, () => 0)
  const gaps = Array.from({ length: count }, (_, row) => extraGap(row))
  for (const [{ rowOf, detours }, { heightOf, rowGap }] of plans) {
    for (const [node, row] of rowOf) heights[row] = Math.max(heights[row], heightOf(node))
    const forks = new Map<number, number>()
    for (const { source } of detours) {
      const row = rowOf.get(source) ?? 0
      forks.set(row, (forks.get(row) ?? 0) + 1)
    }
    for (let row = 0; row < count; row++) {
      const count = forks.get(row) ?? 0
      const wanted = count === 0 ? rowGap : FIRST_PORT + (count - 1) * PORT_STEP + BELOW_PORTS
      gaps[row] = Math.max(gaps[row], rowGap, wanted)
    }
  }
  const tops: number[] = []
  let top = 0
  for (let row = 0; row < count; row++) {
    tops.push(top)
    top += heights[row] + gaps[row]
  }
  return { tops, heights }
}

/** Lays out a plan. */
export function layOut(plan: Plan, sizes: LayoutSizes, rows: Rows): Layout {
  const lanes = assignLanes(plan, sizes)
  const placed = placeBoxes(plan, sizes, rows, lanes)
  const wires = [...columnWires(plan, placed), ...detourWires(plan, placed, rows, lanes)]
  const reaches = Array.from(placed.values(), ({ x, width }) => [x - width / 2, x + width / 2])
  const laneReaches = Array.from(lanes.values(), ({ side, reach }) => side * reach)
  return {
    plan,
    placed,
    wires,
    lanes,
    left: Math.min(0, ...reaches.flat(), ...laneReaches),
    right: Math.max(0, ...reaches.flat(), ...laneReaches)
  }
}

/** The y at which lines enter a box from the side, without a join's note. */
export function middleOf({ node, y, height }: Placed): number {
  return node.role === 'join' ? y + JOIN_RADIUS : y + height / 2
}

/** The y at which a line leaves a box downwards, ignoring a join's note. */
export function lowerEdge({ node, y, height }: Placed): number {
  return node.role === 'join' ? y + 2 * JOIN_RADIUS : y + height
}

function placeBoxes(
  { column, detours, rowOf }: Plan,
  sizes: LayoutSizes,
  { tops, heights }: Rows,
  lanes: ReadonlyMap<Detour, Lane>
): Map<DiagramNode, Placed> {
  const placed = new Map<DiagramNode, Placed>()
  const place = (node: DiagramNode, x: number, y?: number): void => {
    const row = rowOf.get(node) ?? 0
    const [width, height] = [sizes.widthOf(node), sizes.heightOf(node)]
    placed.set(node, { node, row, x, y: y ?? tops[row] + (heights[row] - height) / 2, width, height })
  }
  for (const node of column) place(node, 0)
  for (const detour of detours) {
    const x = lanes.get(detour)?.x ?? 0
    if (!standsFree(detour, detours, rowOf, lanes)) {
      for (const node of detour.chain) place(node, x)
      continue
    }
    // Nothing crosses this lane: its boxes can be centred instead of in rows.
    const first = (rowOf.get(detour.source) ?? 0) + 1
    const last = (rowOf.get(detour.target) ?? 0) - 1
    const height = detour.chain.reduce(
      (sum, node) => sum + sizes.heightOf(node) + sizes.rowGap,
      -sizes.rowGap
    )
    let y = (tops[first] + tops[last] + heights[last] - height) / 2
    for (const node of detour.chain) {
      place(node, x, y)
      y += sizes.heightOf(node) + sizes.rowGap
    }
  }
  return placed
}

/** Whether no other detour touches a detour's boxes or crosses its lane. */
function standsFree(
  detour: Detour,
  detours: readonly Detour[],
  rowOf: ReadonlyMap<DiagramNode, number>,
  lanes: ReadonlyMap<Detour, Lane>
): boolean {
  const row = (node: DiagramNode): number => rowOf.get(node) ?? 0
  const far = (each: Detour): number => Math.abs(lanes.get(each)?.x ?? 0)
  const isBetween = (at: number): boolean => at > row(detour.source) && at < row(detour.target)
  return detours.every(other => {
    const { source, target } = other
    if (detour.chain.includes(source) || detour.chain.includes(target)) return false
    const [begins, ends] = [isBetween(row(source)), isBetween(row(target))]
    return begins === ends && (!begins || far(other) < far(detour))
  })
}

function columnWires({ column }: Plan, placed: ReadonlyMap<DiagramNode, Placed>): Wire[] {
  return column.slice(1).flatMap((node, place): Wire[] => {
    const [above, below] = [placed.get(column[place]), placed.get(node)]
    if (!above || !below) return []
    return [{ from: above.node, to: node, points: straight(above, below), detour: undefined, forks: false }]
  })
}

function straight(above: Placed, below: Placed): Point[] {
  return [
    { x: above.x, y: lowerEdge(above) },
    { x: below.x, y: below.y }
  ]
}

function detourWires(
  plan: Plan,
  placed: ReadonlyMap<DiagramNode, Placed>,
  rows: Rows,
  lanes: ReadonlyMap<Detour, Lane>
): Wire[] {
  const { detours, rowOf } = plan
  const ports = portsOf(plan, rows, lanes)
  return detours.flatMap((detour): Wire[] => {
    const { source, chain, target } = detour
    const [begin, end, lane] = [placed.get(source), placed.get(target), lanes.get(detour)]
    if (!begin || !end || !lane) return []
    const port = { x: begin.x, y: ports.get(detour) ?? 0 }
    const entering = entries(detours, detour, lanes, rowOf)
    const entry = entryPoint(end, lane.x >= end.x ? 1 : -1, entering)
    const boxes = chain.flatMap(node => placed.get(node) ?? [])
    const stops = boxes.map(box => ({ x: lane.x, y: box.y }))
    const [first] = boxes
    const last = boxes.at(-1)
    if (!last) {
      const points = [port, { x: lane.x, y: port.y }, { x: lane.x, y: entry.y }, entry]
      return [{ from: source, to: target, points, detour, forks: true }]
    }
    return [
      {
        from: source,
        to: first.node,
        points: [port, { x: lane.x, y: port.y }, stops[0]],
        detour,
        forks: true
      },
      ...boxes.slice(1).map((box, place): Wire => ({
        from: boxes[place].node,
        to: box.node,
        points: straight(boxes[place], box),
        detour,
        forks: false
      })),
      {
        from: last.node,
        to: target,
        points: [{ x: lane.x, y: lowerEdge(last) }, { x: lane.x, y: entry.y }, entry],
        detour,
        forks: false
      }
    ]
  })
}

/** Where detours leave below their source's row: at distinct heights, the outermost first. */
function portsOf(
  { detours, rowOf }: Plan,
  { tops, heights }: Rows,
  lanes: ReadonlyMap<Detour, Lane>
): Map<Detour, number> {
  const ports = new Map<Detour, number>()
  const counts = new Map<number, number>()
  const far = (detour: Detour): number => Math.abs(lanes.get(detour)?.x ?? 0)
  for (const detour of [...detours].sort((a, b) => far(b) - far(a))) {
    const row = rowOf.get(detour.source) ?? 0
    const count = counts.get(row) ?? 0
    counts.set(row, count + 1)
    ports.set(detour, tops[row] + heights[row] + FIRST_PORT + count * PORT_STEP)
  }
  return ports
}

/** A line's index among those that enter a box from one side: the innermost first. */
function entries(
  detours: readonly Detour[],
  detour: Detour,
  lanes: ReadonlyMap<Detour, Lane>,
  rowOf: ReadonlyMap<DiagramNode, number>
): readonly [place: number, count: number] {
  const side = lanes.get(detour)?.side
  const far = (each: Detour): number => Math.abs(lanes.get(each)?.x ?? 0)
  const row = rowOf.get(detour.target)
  const same = detours
    .filter(
      each =>
        rowOf.get(each.target) === row && each.target === detour.target && lanes.get(each)?.side === side
    )
    .sort((a, b) => far(a) - far(b))
  return [same.indexOf(detour), same.length]
}

function entryPoint(box: Placed, side: 1 | -1, [place, count]: readonly [number, number]): Point {
  const room = box.node.role === 'join' ? 2 * JOIN_RADIUS : box.height
  const offset = (place - (count - 1) / 2) * Math.min(10, room / (count + 1))
  const half = box.node.role === 'join' ? Math.sqrt(JOIN_RADIUS ** 2 - offset ** 2) : box.width / 2
  return { x: box.x + side * half, y: middleOf(box) + offset }
}
