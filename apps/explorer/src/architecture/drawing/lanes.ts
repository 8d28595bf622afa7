// Where ways around run: at the right of the axis, those around more of it further out. Most begin and end on the axis; a
// gate's may begin or end at a box of another way around.
import type { OutlinePart } from 'resnet-ts/inspect'
import { SIZES, type Lane, type Measured, type Point, type Row } from './measured.js'

interface Placed {
  readonly lane: Lane
  readonly first: number
  readonly last: number
  /** How far out it reaches. */
  readonly outer: number
}

/** Assigns lanes to the bypasses of a part; `chains` are the boxes on each of them. */
export function placeLanes(
  part: OutlinePart,
  rows: readonly Row[],
  chains: readonly (readonly Measured[])[],
  header: number,
  bottom: number
): Lane[] {
  const place = new Map(part.parts.map(({ id }, index) => [id, index]))
  const isOnAxis = (id: string | undefined): boolean => id === undefined || place.has(id)
  const linked = new Set(part.detours.flatMap(({ from, to }) => [from, to]).filter(id => !isOnAxis(id)))
  const spans = part.detours.map((detour, number) => {
    const { from, to } = detour
    const first = from === undefined ? 0 : (place.get(from) ?? -1) + 1
    const last = to === undefined ? rows.length - 1 : (place.get(to) ?? rows.length - 1)
    return { detour, chain: chains[number], first, last, isPlain: isOnAxis(from) && isOnAxis(to) }
  })
  const done: Placed[] = []
  for (const span of spans
    .filter(({ isPlain }) => isPlain)
    .toSorted((a, b) => a.last - a.first - (b.last - b.first))) {
    done.push(placePlain(span))
  }
  // A bypass that begins or ends at a box of another needs that one's position first.
  for (const span of spans.filter(({ isPlain }) => !isPlain)) done.push(placeOther(span))
  return done.map(({ lane }) => lane)

  function placePlain({ detour, chain, first, last }: (typeof spans)[number]): Placed {
    const around = rows.slice(first, last + 1).map(row => row.inner.right)
    const beside = done.filter(other => other.first <= last && first <= other.last).map(other => other.outer)
    const chainLeft = Math.max(0, ...chain.map(each => each.left))
    const chainRight = Math.max(0, ...chain.map(each => each.right))
    const x = Math.max(0, ...around, ...beside) + SIZES.lane + chainLeft
    const target = rows[last]
    const start = { x: 0, y: (first === 0 ? header : bottomOf(rows[first - 1])) + SIZES.gap / 2 }
    const half = target.inner.isOpen ? 0 : target.inner.part.join ? SIZES.join / 2 : target.inner.left
    const end =
      detour.to === undefined ? { x, y: bottom } : { x: half, y: target.y + target.inner.height / 2 }
    // Boxes that other bypasses lead to are placed as high as possible, so that those run downwards.
    const isLinked = chain.some(each => linked.has(each.part.id))
    const top = start.y + SIZES.corner
    const from = isLinked ? top : Math.max(top, (start.y + end.y - lengthOf(chain)) / 2)
    const lane = { detour, x, start, end, rows: stack(chain, from), isPlain: true }
    return { lane, first, last, outer: x + chainRight }
  }

  function placeOther({ detour, chain, first, last }: (typeof spans)[number]): Placed {
    const boxes = done.flatMap(({ lane }) => lane.rows.map(row => ({ row, x: lane.x })))
    const boxOf = (id: string | undefined): (typeof boxes)[number] | undefined =>
      boxes.find(({ row }) => row.inner.part.id === id)
    const [source, target] = [boxOf(detour.from), boxOf(detour.to)]
    const [onAxisBefore, onAxisTarget] = [rows[first - 1], rows[last]]
    const start: Point = source
      ? { x: source.x + (target ? 1 : -1) * halfOf(source.row), y: middleOf(source.row) }
      : { x: 0, y: (first === 0 ? header : bottomOf(onAxisBefore)) + SIZES.gap / 2 }
    const end: Point = target
      ? { x: target.x + halfOf(target.row), y: middleOf(target.row) }
      : { x: onAxisTarget.inner.isOpen ? 0 : halfOf(onAxisTarget), y: middleOf(onAxisTarget) }
    const outer = Math.max(0, ...done.map(each => each.outer), ...rows.map(row => row.inner.right))
    // From another bypass back to the axis it runs between the two; otherwise outside everything.
    const isInside = source !== undefined && target === undefined && chain.length === 0
    const chainLeft = Math.max(0, ...chain.map(each => each.left))
    const x = isInside ? start.x - SIZES.lane / 2 : outer + SIZES.lane + chainLeft
    const from = Math.max(start.y + SIZES.corner, (start.y + end.y - lengthOf(chain)) / 2)
    const lane = { detour, x, start, end, rows: stack(chain, from), isPlain: false }
    return { lane, first, last, outer: x + Math.max(0, ...chain.map(each => each.right)) }
  }
}

export function bottomOf(row: Row): number {
  return row.y + row.inner.height
}

/** The total height of stacked boxes. */
export function lengthOf(chain: readonly Measured[]): number {
  return chain.reduce((sum, { height }) => sum + height + SIZES.gap, -SIZES.gap)
}

function middleOf(row: Row): number {
  return row.y + row.inner.height / 2
}

function halfOf({ inner }: Row): number {
  return inner.part.join ? SIZES.join / 2 : inner.left
}

function stack(chain: readonly Measured[], from: number): Row[] {
  let y = from
  return chain.map(inner => {
    const row = { inner, y }
    y += inner.height + SIZES.gap
    return row
  })
}
