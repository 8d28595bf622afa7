// Stepping through: the parts that data passes one after the other, and how far it is on a way around meanwhile.
import type { Layout, PlacedPart, PlacedWay } from './layout.js'

/** The parts in view that data passes on the way from input to output. */
export function stepsOf({ parts }: Layout): readonly PlacedPart[] {
  return parts.filter(({ isOnAxis, isOpen }) => isOnAxis && !isOpen)
}

/** A way around, and between which steps data is on it. */
export interface TravelledWay {
  readonly way: PlacedWay
  /** The step it is at when it leaves the axis, and the one it is at when it comes back. */
  readonly from: number
  readonly to: number
}

/** Which ways around data takes, and when. */
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
