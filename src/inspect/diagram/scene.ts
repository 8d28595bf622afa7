// A drawing as placed shapes, before SVG; tests measure it.
import { formatCount } from '../../base/figures.js'
import { formatImage, formatParameters, type Cards } from './card.js'
import type { DiagramNode } from './diagram-graph.js'
import type { Layout, Point } from './layout.js'
import type { Detour } from './plan.js'
import type { DiagramBox, DiagramLabel, DiagramLayout, DiagramLine } from './positions.js'
import { membersOf } from './regroup.js'
import { textWidth } from './text-width.js'

/** A box, or a join's circle with its note. */
export interface Box extends Pick<DiagramBox, 'x' | 'y' | 'width' | 'height' | 'labels'> {
  readonly node: DiagramNode
  readonly isMarked?: boolean
}

/** A line; its look depends on what it carries. */
export interface Line extends Pick<DiagramLine, 'points' | 'look' | 'radius'> {
  readonly hasDot?: boolean
  readonly from?: DiagramNode
  readonly to?: DiagramNode
}

export interface Scene {
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
  readonly labels: readonly DiagramLabel[]
}

export interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export function joinScenes(scenes: readonly Scene[]): Scene {
  return {
    boxes: scenes.flatMap(({ boxes }) => boxes),
    lines: scenes.flatMap(({ lines }) => lines),
    labels: scenes.flatMap(({ labels }) => labels)
  }
}

export function moved(scene: Scene, dx: number, dy: number): Scene {
  const shift = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy })
  return {
    boxes: scene.boxes.map(box => ({ ...shift(box), labels: box.labels.map(shift) })),
    lines: scene.lines.map(line => ({ ...line, points: line.points.map(shift) })),
    labels: scene.labels.map(shift)
  }
}

export function boundsOf({ boxes, lines, labels }: Scene): Bounds {
  const texts = [...labels, ...boxes.flatMap(box => box.labels)].map(labelBounds)
  return around([
    ...boxes.flatMap(cornersOf),
    ...texts.flatMap(({ left, top, right, bottom }) => [
      { x: left, y: top },
      { x: right, y: bottom }
    ]),
    ...lines.flatMap(({ points }) => points)
  ])
}

function around(points: readonly Point[]): Bounds {
  return points.reduce<Bounds>(
    ({ left, top, right, bottom }, { x, y }) => ({
      left: Math.min(left, x),
      top: Math.min(top, y),
      right: Math.max(right, x),
      bottom: Math.max(bottom, y)
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  )
}

function cornersOf({ x, y, width, height }: Box): Point[] {
  return [
    { x, y },
    { x: x + width, y: y + height }
  ]
}

export function labelBounds({ text, x, y, anchor, font }: DiagramLabel): Bounds {
  const width = textWidth(text, font)
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, top: y - font.size / 2, right: left + width, bottom: y + font.size / 2 }
}

export function isFree({ left, top, right, bottom }: Bounds, { boxes, lines }: Scene): boolean {
  const taken = [
    ...boxes.map(box => around(cornersOf(box))),
    ...lines.flatMap(({ points }) => points.slice(1).map((to, place) => around([points[place], to])))
  ]
  return !taken.some(area => area.left < right && area.right > left && area.top < bottom && area.bottom > top)
}

export interface SceneStyle {
  readonly radius: number
  /** The label of a detour, line by line. */
  readonly labelsOf?: (detour: Detour) => readonly DiagramLabel[]
  readonly isMarked?: (node: DiagramNode) => boolean
}

export function sceneOf(
  { placed, wires }: Layout,
  cards: Cards,
  { radius, labelsOf = () => [], isMarked = () => false }: SceneStyle
): Scene {
  const boxes = Array.from(placed.values(), (box): Box => {
    const { node, y } = box
    const x = box.x - box.width / 2
    return { ...box, x, labels: cards.labelsOf(node, { x, y }), isMarked: isMarked(node) }
  })
  const lines = wires.map(({ points, lane, forks, from, to }): Line => {
    return { points, look: lane?.target.role === 'join' ? 'skip' : 'flow', hasDot: forks, radius, from, to }
  })
  const labels = wires.flatMap(({ lane, points, forks }) => {
    if (!lane || !forks || lane.chain.length > 0) return []
    const texts = labelsOf(lane)
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

const MARGIN = 24

/** A scene as plain data. */
export function positionsOf(scene: Scene): DiagramLayout {
  const { left, top, right, bottom } = boundsOf(scene)
  // Whole pixels for sharp edges.
  const [x, y] = [left - MARGIN, top - MARGIN].map(Math.floor)
  const places = new Map<DiagramNode | undefined, number>(scene.boxes.map(({ node }, place) => [node, place]))
  return {
    x,
    y,
    width: Math.ceil(right + MARGIN) - x,
    height: Math.ceil(bottom + MARGIN) - y,
    boxes: scene.boxes.map(boxAlone),
    lines: scene.lines.map(({ points, look, hasDot = false, radius, from, to }) => {
      const [start, end] = [places.get(from), places.get(to)]
      return {
        points,
        look,
        hasHead: look === 'flow' || look === 'skip',
        hasDot,
        radius,
        ...(start === undefined ? {} : { from: start }),
        ...(end === undefined ? {} : { to: end })
      }
    }),
    labels: scene.labels
  }
}

function boxAlone({ node, isMarked = false, ...place }: Box): DiagramBox {
  const { role, title, shape, parameters, multiplyAdds, join } = node
  return {
    role,
    ...(join ? { join: join.op } : {}),
    title,
    layers: membersOf(node).flatMap(({ isLayer, name }) => (isLayer ? [name] : [])),
    shape,
    parameters,
    multiplyAdds,
    about: detailsOf(node),
    isMarked,
    ...place
  }
}

function detailsOf(node: DiagramNode): string[] {
  const { role, shape, multiplyAdds, join } = node
  const parameters = formatParameters(node)
  return [
    ...membersOf(node).map(({ name, type, isLayer, title }) =>
      isLayer ? `${name} (${type})` : [name, title].filter(part => part !== '').join(': ')
    ),
    ...(join ? [join.op === 'add' ? 'F(x) + x' : 'F(x) · x'] : []),
    `${role === 'input' ? 'shape' : 'output'} ${formatImage(shape)}`,
    ...(parameters === '' ? [] : [`${parameters} parameters`]),
    ...(multiplyAdds === 0 ? [] : [`${formatCount(multiplyAdds)} multiply-adds`])
  ]
}
