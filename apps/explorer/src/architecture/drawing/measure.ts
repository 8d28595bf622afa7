// How much room each part takes, from the inside out: the way through a part is an axis, boxes stand on it, and ways
// around run in lanes at its right, those around more of it further out.
import type { OutlineDetour, OutlinePart } from 'resnet-ts/inspect'
import { SIZES, type Measured, type Row } from './measured.js'
import { bottomOf, lengthOf, placeLanes } from './lanes.js'
import { canOpen } from './tree.js'

/** The bypass that is drawn on a folded part: the shortcut of a residual block, or a gate. */
export function shortcutOf(part: OutlinePart): OutlineDetour | undefined {
  const ends = new Map(part.parts.filter(({ join }) => join).map(({ id, join }) => [id, join]))
  const around = part.detours.filter(({ to }) => to !== undefined && ends.has(to))
  return around.find(({ to }) => to !== undefined && ends.get(to) === 'add') ?? around[0]
}

/** The label of the arc around a folded part: what is on the shortcut, or that it multiplies. */
export function arcLabel(part: OutlinePart): string {
  const detour = shortcutOf(part)
  if (!detour) return ''
  const [first] = detour.parts
  if (first) return (first.parts.at(0) ?? first).title
  return part.parts.some(({ id, join }) => id === detour.to && join === 'mul') ? '×' : ''
}

/** Measures a part; `open` says which parts are unfolded. */
export function measure(part: OutlinePart, open: ReadonlySet<string>, isAside = false): Measured {
  const isOpen = canOpen(part) && open.has(part.id)
  if (isOpen) return measureOpen(part, open)
  const size = isAside ? SIZES.sideBox : SIZES.box
  const half = part.join ? SIZES.join / 2 : size.width / 2
  const height = part.join ? SIZES.join : size.height
  const label = arcLabel(part)
  const written = label === '' ? 0 : label.length * SIZES.character + 6
  const arc = shortcutOf(part) ? SIZES.lane + written : 0
  return { part, isOpen, left: half, right: half + arc, height, rows: [], lanes: [] }
}

/** Measures the inside of a part, or of the network itself, whose header is not drawn. */
export function measureOpen(
  part: OutlinePart,
  open: ReadonlySet<string>,
  header: number = SIZES.header
): Measured {
  const inner = part.parts.map(each => measure(each, open))
  const chains = part.detours.map(({ parts }) => parts.map(each => measure(each, open, true)))
  const place = new Map(part.parts.map(({ id }, index) => [id, index]))
  const rows: Row[] = []
  let y = header + SIZES.gap
  for (const [index, each] of inner.entries()) {
    // A bypass longer than the parts it bypasses needs more room on the axis.
    for (const [number, { from, to }] of part.detours.entries()) {
      const source = from === undefined ? undefined : rows.at(place.get(from) ?? index)
      const start = source ? bottomOf(source) : header
      const ends = to !== undefined && place.get(to) === index
      const needed = chains[number].length > 0 ? lengthOf(chains[number]) + 2 * SIZES.corner : 0
      if (ends) y = Math.max(y, start + SIZES.gap / 2 + needed - each.height / 2)
    }
    rows.push({ inner: each, y })
    y += each.height + SIZES.gap
  }
  const lanes = placeLanes(part, rows, chains, header, y)
  const left = Math.max(SIZES.box.width / 2, ...inner.map(each => each.left))
  const reach = lanes.flatMap(lane => [lane.x + 4, ...lane.rows.map(row => lane.x + row.inner.right)])
  const right = Math.max(SIZES.box.width / 2, ...inner.map(each => each.right), ...reach)
  const lowest = Math.max(y, ...lanes.flatMap(lane => lane.rows.map(row => bottomOf(row) + SIZES.gap)))
  return {
    part,
    isOpen: true,
    left: left + SIZES.padding,
    right: right + SIZES.padding,
    height: lowest,
    rows,
    lanes
  }
}
