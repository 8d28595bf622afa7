// Where everything in the drawing stands: parts as boxes, what flows between them as lines. Pure: an outline and the set
// of unfolded parts give the picture.
import type { OutlinePart } from 'resnet-ts/inspect'
import { arcLabel, measureOpen, shortcutOf } from './measure.js'
import { SIZES, type Lane, type Measured, type Point } from './measured.js'

/** A part with its position. */
export interface PlacedPart {
  readonly part: OutlinePart
  readonly isOpen: boolean
  /** The axis of the data that flows through it. */
  readonly x: number
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** For assistive technology: its level in the tree, from 1, and its position among its siblings. */
  readonly level: number
  readonly place: number
  readonly siblings: number
  /** Whether it is on the main path from input to output, not on a bypass. */
  readonly isOnAxis: boolean
}

/** A line along which data flows. */
export interface PlacedWay {
  readonly id: string
  readonly kind: 'flow' | 'skip'
  readonly path: string
  readonly label?: Point & { readonly text: string }
  /** For a bypass: the names of the first part that it bypasses and of the part that it leads into. */
  readonly around?: { readonly first: string; readonly last: string; readonly endsAtLast: boolean }
}

export interface Layout {
  /** In the order of the tree: a part before those in it. */
  readonly parts: readonly PlacedPart[]
  readonly ways: readonly PlacedWay[]
  readonly left: number
  readonly right: number
  readonly height: number
}

export function layOut(root: OutlinePart, open: ReadonlySet<string>): Layout {
  const measured = measureOpen(root, open, 0)
  const parts: PlacedPart[] = []
  const ways: PlacedWay[] = []
  placeInside(measured, 0, 0, 1, true)
  return { parts, ways, left: -measured.left, right: measured.right, height: measured.height }

  function placeInside(outer: Measured, x: number, top: number, level: number, isOnAxis: boolean): void {
    const siblings = outer.rows.length + outer.lanes.reduce((sum, lane) => sum + lane.rows.length, 0)
    let place = 0
    const put = (inner: Measured, axis: number, at: number, isHere: boolean): void => {
      const { part, isOpen, height } = inner
      const left = axis - inner.left
      // The arc around a folded part is drawn beside its box.
      const width = inner.left + (isOpen ? inner.right : inner.left)
      place++
      const position = { x: axis, left, top: at, width, height, level, place, siblings }
      parts.push({ part, isOpen, ...position, isOnAxis: isHere })
      if (isOpen) placeInside(inner, axis, at, level + 1, isHere)
      else if (shortcutOf(part)) ways.push(arcAround(inner, axis, at))
    }
    const flow = (id: string, from: number, to: number): void => {
      ways.push({ id, kind: 'flow', path: `M${x} ${from}V${to}` })
    }
    let before = outer.part === root ? undefined : top + SIZES.header
    for (const { inner, y } of outer.rows) {
      if (before !== undefined) flow(`to ${inner.part.id}`, before, top + y)
      put(inner, x, top + y, isOnAxis)
      before = top + y + inner.height
    }
    if (before !== undefined && outer.part !== root)
      flow(`out of ${outer.part.id}`, before, top + outer.height)
    for (const [number, lane] of outer.lanes.entries()) {
      ways.push(wayAround(outer, lane, `around ${outer.part.id} ${number}`, x, top))
      for (const { inner, y } of lane.rows) put(inner, x + lane.x, top + y, false)
    }
  }
}

/** From its start to the lane, along the lane, and into its target. */
function wayAround(outer: Measured, lane: Lane, id: string, axis: number, top: number): PlacedWay {
  const { detour, start, end, isPlain } = lane
  const { parts } = outer.part
  const corners = [start, { x: lane.x, y: start.y }, { x: lane.x, y: end.y }, end]
  const way = {
    id,
    kind: 'skip' as const,
    path: rounded(corners.map(({ x, y }) => ({ x: axis + x, y: top + y })))
  }
  if (!isPlain || detour.to === undefined) return way
  const first = detour.from === undefined ? 0 : parts.findIndex(part => part.id === detour.from) + 1
  return { ...way, around: { first: parts[first].id, last: detour.to, endsAtLast: true } }
}

/** A line through some points, its corners rounded. */
function rounded(points: readonly Point[]): string {
  const line = points.filter(
    ({ x, y }, place) => place === 0 || x !== points[place - 1].x || y !== points[place - 1].y
  )
  const towards = (from: Point, to: Point, distance: number): Point => {
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    const share = Math.min(0.5, distance / length)
    return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }
  }
  const bends = line.slice(1, -1).map((corner, place) => {
    const reach = Math.min(
      SIZES.corner,
      ...[line[place], line[place + 2]].map(other => Math.hypot(other.x - corner.x, other.y - corner.y) / 2)
    )
    const [before, after] = [line[place], line[place + 2]].map(other => towards(corner, other, reach))
    return `L${before.x} ${before.y}Q${corner.x} ${corner.y} ${after.x} ${after.y}`
  })
  const last = line[line.length - 1]
  return `M${line[0].x} ${line[0].y}${bends.join('')}L${last.x} ${last.y}`
}

/** The arc around a folded part, from the line into it to the line out of it. */
function arcAround({ part, left, height }: Measured, x: number, top: number): PlacedWay {
  const [start, end] = [top - SIZES.gap / 3, top + height + SIZES.gap / 3]
  const edge = x + left + SIZES.lane - 6
  const middle = (start + end) / 2
  const text = arcLabel(part)
  const path = `M${x} ${start}H${x + left - 8}Q${edge} ${start} ${edge} ${middle}Q${edge} ${end} ${x + left - 8} ${end}H${x}`
  return {
    id: `around ${part.id}`,
    kind: 'skip',
    path,
    ...(text === '' ? {} : { label: { x: edge + 7, y: middle, text } }),
    around: { first: part.id, last: part.id, endsAtLast: false }
  }
}

/** The visible parts on the main path from input to output. */
export function stepsOf({ parts }: Layout): readonly PlacedPart[] {
  return parts.filter(({ isOnAxis, isOpen }) => isOnAxis && !isOpen)
}

/** A bypass, and the steps between which data is on it. */
export interface TravelledWay {
  readonly way: PlacedWay
  /** The steps at which it leaves the axis and returns. */
  readonly from: number
  readonly to: number
}

/** The bypasses that data takes, and when. */
export function travelledWays({ parts, ways }: Layout, steps: readonly PlacedPart[]): TravelledWay[] {
  const placed = new Map(parts.map(each => [each.part.id, each]))
  return ways.flatMap(way => {
    const first = way.around && placed.get(way.around.first)
    const last = way.around && placed.get(way.around.last)
    if (!way.around || !first?.isOnAxis || !last) return []
    const from = steps.findIndex(({ top }) => top >= first.top) - 1
    const to = steps.findIndex(({ top }) => top >= last.top) + (way.around.endsAtLast ? 0 : 1)
    return to > from ? [{ way, from, to }] : []
  })
}

/** The step that shows a part: itself, the first one in it, or the one it is folded into. */
export function stepOf(steps: readonly PlacedPart[], layout: Layout, id: string | undefined): number {
  if (id === undefined) return -1
  const own = steps.findIndex(({ part }) => part.id === id)
  if (own >= 0) return own
  const open = layout.parts.find(({ part }) => part.id === id)
  if (open?.isOnAxis) return steps.findIndex(({ top }) => top >= open.top)
  return steps.findIndex(({ part }) => id.startsWith(`${part.id}.`) || id.startsWith(`${part.id}/`))
}
