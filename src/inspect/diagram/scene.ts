// A drawing as placed shapes, before SVG; tests measure it.
import type { Layout, Placed, Point } from './layout.js'
import type { Cards, Label } from './card.js'
import type { DiagramNode } from './diagram-graph.js'
import { textWidth, type Font } from './text-width.js'

/** A box, or a join's circle with its note. */
export interface Box {
  readonly node: DiagramNode
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly labels: readonly Label[]
  /** Whether it is shown in detail elsewhere. */
  readonly isMarked?: boolean
}

/** A line; its look depends on what it carries. */
export interface Line {
  readonly points: readonly Point[]
  readonly look: 'flow' | 'skip' | 'guide' | 'bracket'
  readonly hasHead: boolean
  /** Whether it branches off another line, marked with a dot. */
  readonly hasDot: boolean
  /** Corner radius. */
  readonly radius: number
  /** The boxes it connects, if any. */
  readonly from?: DiagramNode
  readonly to?: DiagramNode
}

export interface Scene {
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
  readonly labels: readonly Label[]
}

export interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Combines scenes. */
export function joinScenes(scenes: readonly Scene[]): Scene {
  return {
    boxes: scenes.flatMap(({ boxes }) => boxes),
    lines: scenes.flatMap(({ lines }) => lines),
    labels: scenes.flatMap(({ labels }) => labels)
  }
}

/** Translates a scene. */
export function moved(scene: Scene, dx: number, dy: number): Scene {
  const shift = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy })
  return {
    boxes: scene.boxes.map(box => ({ ...shift(box), labels: box.labels.map(shift) })),
    lines: scene.lines.map(line => ({ ...line, points: line.points.map(shift) })),
    labels: scene.labels.map(shift)
  }
}

/** The bounding box. */
export function boundsOf({ boxes, lines, labels }: Scene): Bounds {
  const areas = [
    ...boxes.map(({ x, y, width, height }) => ({ left: x, top: y, right: x + width, bottom: y + height })),
    ...[...labels, ...boxes.flatMap(box => box.labels)].map(labelBounds),
    ...lines.flatMap(({ points }) => points.map(({ x, y }) => ({ left: x, top: y, right: x, bottom: y })))
  ]
  const edge = (side: keyof Bounds, pick: (a: number, b: number) => number): number =>
    areas.reduce((most, area) => pick(most, area[side]), areas[0]?.[side] ?? 0)
  return {
    left: edge('left', Math.min),
    top: edge('top', Math.min),
    right: edge('right', Math.max),
    bottom: edge('bottom', Math.max)
  }
}

/** A text's bounding box. */
export function labelBounds({ text, x, y, anchor, font }: Label): Bounds {
  const width = textWidth(text, font)
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, top: y - font.size / 2, right: left + width, bottom: y + font.size / 2 }
}

/** Whether a rectangle is empty. */
export function isFree({ left, top, right, bottom }: Bounds, { boxes, lines }: Scene): boolean {
  const meets = (area: Bounds): boolean =>
    area.left < right && area.right > left && area.top < bottom && area.bottom > top
  return (
    !boxes.some(({ x, y, width, height }) =>
      meets({ left: x, top: y, right: x + width, bottom: y + height })
    ) &&
    !lines.some(({ points }) =>
      points.slice(1).some(({ x, y }, place) => {
        const from = points[place]
        return meets({
          left: Math.min(x, from.x),
          top: Math.min(y, from.y),
          right: Math.max(x, from.x),
          bottom: Math.max(y, from.y)
        })
      })
    )
  )
}

export function label(
  text: string,
  { x, y }: Point,
  look: Label['look'],
  font: Font,
  anchor: Label['anchor'] = 'start'
): Label {
  return { text, x, y, anchor, font, look }
}

/** Converts a layout to a scene. */
export function sceneOf(
  { placed, wires, lanes }: Layout,
  cards: Cards,
  {
    radius,
    labelsOf = () => [],
    isMarked = () => false
  }: {
    readonly radius: number
    /** The label of a detour, line by line. */
    readonly labelsOf?: (detour: NonNullable<Layout['wires'][number]['detour']>) => readonly Label[]
    readonly isMarked?: (node: DiagramNode) => boolean
  }
): Scene {
  const boxes = Array.from(placed.values(), (place): Box => boxOf(place, cards, isMarked(place.node)))
  const lines = wires.map(({ points, detour, forks, from, to }): Line => {
    const look = detour?.target.role === 'join' ? 'skip' : 'flow'
    return { points, look, hasHead: true, hasDot: forks, radius, from, to }
  })
  const labels = wires.flatMap(({ detour, points, forks }) => {
    const lane = detour && lanes.get(detour)
    if (!lane || !forks || detour.chain.length > 0) return []
    const texts = labelsOf(detour)
    const middle = (points[1].y + points[2].y) / 2
    return texts.map((text, line) => ({
      ...text,
      x: lane.x + 9 * lane.side,
      y: middle + 15 * (line - (texts.length - 1) / 2),
      anchor: lane.side === 1 ? ('start' as const) : ('end' as const)
    }))
  })
  return { boxes, lines, labels }
}

function boxOf({ node, x, y, width, height }: Placed, cards: Cards, isMarked: boolean): Box {
  const left = x - width / 2
  return {
    node,
    x: left,
    y,
    width,
    height,
    labels: cards.labelsOf(node, left, y),
    ...(isMarked ? { isMarked } : {})
  }
}
