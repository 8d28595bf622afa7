// Assigns detours to vertical lanes without crossings: right of the column, or left where that avoids a crossing.
import type { DiagramNode } from './diagram-graph.js'
import type { Detour, Plan } from './plan.js'

export interface LaneSizes {
  widthOf(node: DiagramNode): number
  /** Width of a detour's label; 0 for none. */
  labelOf(detour: Detour): number
  /** Distance of a lane from its contents. */
  readonly gap: number
}

export interface Lane extends Detour {
  /** Of its line; negative on the left. */
  readonly x: number
  readonly side: 1 | -1
  /** Extent from the column's middle, with boxes and label. */
  readonly reach: number
}

/** The lanes of all detours, in their order. */
export function assignLanes({ detours, rowOf, column }: Plan, sizes: LaneSizes): Lane[] {
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
