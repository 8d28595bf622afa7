// Finds faults in a drawing: overlapping boxes or lines, texts that do not fit.
import { boundsOf, labelBounds, type Bounds, type Box, type Line, type Scene } from '../scene.js'
import type { Point } from '../layout.js'

// Touching edges do not overlap; the tolerance covers rounding errors.
const SLACK = 0.01

/** A drawing's faults in words. */
export function faultsOf(scene: Scene): string[] {
  const { boxes, lines, labels } = scene
  const faults: string[] = []
  boxes.forEach((box, place) => {
    for (const other of boxes.slice(place + 1)) {
      if (overlaps(areaOf(box), areaOf(other))) faults.push(`${nameOf(box)} overlaps ${nameOf(other)}`)
    }
    for (const text of box.labels) {
      const room = box.node.role === 'join' ? noteRoom(box) : areaOf(box)
      if (!holds(room, labelBounds(text))) faults.push(`'${text.text}' leaves ${nameOf(box)}`)
    }
    box.labels.forEach((text, at) => {
      for (const other of box.labels.slice(at + 1)) {
        if (overlaps(labelBounds(text), labelBounds(other)))
          faults.push(`'${text.text}' overlaps '${other.text}'`)
      }
    })
    for (const text of labels) {
      if (overlaps(areaOf(box), labelBounds(text))) faults.push(`'${text.text}' overlaps ${nameOf(box)}`)
    }
  })
  labels.forEach((text, at) => {
    for (const other of labels.slice(at + 1)) {
      if (overlaps(labelBounds(text), labelBounds(other)))
        faults.push(`'${text.text}' overlaps '${other.text}'`)
    }
  })
  const legs = lines.filter(({ look }) => look !== 'guide').flatMap(legsOf)
  legs.forEach((leg, place) => {
    for (const box of boxes) {
      if (overlaps(leg.area, solidOf(box))) faults.push(`a line (${leg.name}) runs through ${nameOf(box)}`)
    }
    for (const text of labels) {
      if (overlaps(leg.area, labelBounds(text)))
        faults.push(`a line (${leg.name}) runs through '${text.text}'`)
    }
    for (const other of legs.slice(place + 1)) {
      if (leg.line !== other.line && runsAlong(leg, other))
        faults.push(`lines lie on each other: ${leg.name}, ${other.name}`)
    }
  })
  return faults
}

export function isInside(scene: Scene, room: Bounds): boolean {
  return holds(room, boundsOf(scene))
}

interface Leg {
  readonly line: Line
  readonly area: Bounds
  readonly isLevel: boolean
  readonly name: string
}

function legsOf(line: Line): Leg[] {
  return line.points.slice(1).map((to, place): Leg => {
    const from = line.points[place]
    return {
      line,
      area: spanOf(from, to),
      isLevel: from.y === to.y,
      name: `${line.look} ${from.x},${from.y} – ${to.x},${to.y}`
    }
  })
}

function spanOf(a: Point, b: Point): Bounds {
  return {
    left: Math.min(a.x, b.x),
    right: Math.max(a.x, b.x),
    top: Math.min(a.y, b.y),
    bottom: Math.max(a.y, b.y)
  }
}

/** Whether two collinear legs of the same direction overlap. */
function runsAlong(a: Leg, b: Leg): boolean {
  if (a.isLevel !== b.isLevel) return false
  const [one, other] = [a.area, b.area]
  return a.isLevel
    ? Math.abs(one.top - other.top) < SLACK &&
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > SLACK
    : Math.abs(one.left - other.left) < SLACK &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > SLACK
}

function overlaps(a: Bounds, b: Bounds): boolean {
  return (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > widthless(a, b, 'left', 'right') &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > widthless(a, b, 'top', 'bottom')
  )
}

/** Overlap of a line, which has no width. */
function widthless(a: Bounds, b: Bounds, from: 'left' | 'top', to: 'right' | 'bottom'): number {
  const isLine = [a, b].some(area => area[to] - area[from] < SLACK)
  if (!isLine) return SLACK
  const [line, room] = a[to] - a[from] < SLACK ? [a, b] : [b, a]
  return line[from] > room[from] + SLACK && line[to] < room[to] - SLACK ? -SLACK : Infinity
}

function holds(room: Bounds, area: Bounds): boolean {
  return (
    area.left >= room.left - SLACK &&
    area.right <= room.right + SLACK &&
    area.top >= room.top - SLACK &&
    area.bottom <= room.bottom + SLACK
  )
}

function areaOf({ x, y, width, height }: Box): Bounds {
  return { left: x, top: y, right: x + width, bottom: y + height }
}

/** The area that lines must not cross; a join's circle is shrunk for lines that enter off its middle. */
function solidOf(box: Box): Bounds {
  if (box.node.role !== 'join') return areaOf(box)
  const { x, y, width } = box
  return { left: x + width / 4, top: y, right: x + (3 * width) / 4, bottom: y + width }
}

/** A note is left of the join's output line. */
function noteRoom({ x, y, width, height }: Box): Bounds {
  return { left: -Infinity, top: y + width, right: x + width / 2, bottom: y + height }
}

function nameOf({ node, x, y }: Box): string {
  return `${node.title} at ${x},${y}`
}
