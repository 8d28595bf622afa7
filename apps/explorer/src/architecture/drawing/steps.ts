// Stepping through: the parts that data passes one after the other, and its progress on bypasses meanwhile.
import type { Layout, PlacedPart, PlacedWay } from './layout.js'

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
