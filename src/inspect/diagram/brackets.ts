// Labelled brackets on the left of a drawing.
import { label } from './card.js'
import type { DiagramNode } from './diagram-graph.js'
import type { Layout } from './layout.js'
import { joinScenes, type Bounds, type Scene } from './scene.js'
import { textWidth, type Font } from './text-width.js'

/** A group of boxes and its label. */
export interface Side {
  readonly nodes: ReadonlySet<DiagramNode>
  readonly lines: readonly string[]
}

const GAP = 12
const TICK = 5
const LINE = 14
const BESIDE = 8

/** A layout's brackets; of overlapping ones, the taller is further out. */
export function bracketsOf({ placed, left }: Layout, sides: readonly Side[]): Scene {
  const brackets = sides
    .flatMap(({ nodes, lines }) => {
      const inside = [...placed.values()].filter(({ node }) => nodes.has(node))
      if (inside.length === 0) return []
      const top = Math.min(...inside.map(({ y }) => y))
      const bottom = Math.max(...inside.map(({ y, height }) => y + height))
      const [middle, half] = [(top + bottom) / 2, (LINE * lines.length) / 2]
      // With its texts.
      const room = { top: Math.min(top, middle - half), bottom: Math.max(bottom, middle + half) }
      return [{ lines, top, bottom, room }]
    })
    .sort((a, b) => a.bottom - a.top - (b.bottom - b.top))
  const levels: { readonly rooms: Pick<Bounds, 'top' | 'bottom'>[]; width: number }[] = []
  const levelOf = brackets.map(({ room, lines }) => {
    const isFree = (taken: (typeof levels)[number]): boolean =>
      taken.rooms.every(({ top, bottom }) => room.bottom <= top || room.top >= bottom)
    // Outside all overlapping brackets, even where there is room between.
    const level = levels.findLastIndex(taken => !isFree(taken)) + 1
    levels[level] ??= { rooms: [], width: 0 }
    levels[level].rooms.push(room)
    levels[level].width = Math.max(levels[level].width, widthOf(lines))
    return level
  })
  return joinScenes(
    brackets.map(({ lines, top, bottom }, place) => {
      const inner = levels.slice(0, levelOf[place]).reduce((sum, { width }) => sum + width, 0)
      return bracket(lines, left - inner - GAP, top, bottom)
    })
  )
}

function widthOf(lines: readonly string[]): number {
  return GAP + BESIDE + Math.max(...lines.map((text, place) => textWidth(text, fontOf(place))))
}

function fontOf(place: number): Font {
  return place === 0 ? { size: 11 } : { size: 10 }
}

function bracket(lines: readonly string[], x: number, top: number, bottom: number): Scene {
  const points = [
    { x: x + TICK, y: top },
    { x, y: top },
    { x, y: bottom },
    { x: x + TICK, y: bottom }
  ]
  const labels = lines.map((text, place) => {
    const y = (top + bottom) / 2 + LINE * (place - (lines.length - 1) / 2)
    return label(text, { x: x - BESIDE, y }, place === 0 ? 'plain' : 'muted', fontOf(place), 'end')
  })
  return { boxes: [], lines: [{ points, look: 'bracket', radius: TICK }], labels }
}
