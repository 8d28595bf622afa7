// One or several drawings side by side with shared rows, wrapped into columns if too tall.
import { bracketsOf, type Side } from './brackets.js'
import { label, makeCards } from './card.js'
import { splitRows } from './columns.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import { layOut, lowerEdge, rowsOf, stackRows, type Layout, type LayoutSizes, type Point } from './layout.js'
import { planRows, type Plan } from './plan.js'
import { boundsOf, joinScenes, moved, sceneOf, type Line, type Scene, type SceneStyle } from './scene.js'
import { textWidth } from './text-width.js'

export interface Stack {
  readonly graph: DiagramGraph
  /** Given if its rows follow another drawing's. */
  readonly plan?: Plan
  readonly sides: readonly Side[]
  readonly caption?: readonly [name: string, more: string]
}

export interface StackStyle extends SceneStyle {
  /** Names shown in boxes of two lines; without, boxes have one. */
  readonly nameOf?: (node: DiagramNode) => string
  readonly rowGap: number
  readonly laneGap: number
  readonly wraps: boolean
}

const BETWEEN_STACKS = 56
const BETWEEN_COLUMNS = 44
const LEAD = 12
const LEAD_STEP = 8

/** Draws stacks, with the first box near the origin. */
export function drawStacks(stacks: readonly Stack[], style: StackStyle): Scene {
  const { nameOf, labelsOf = () => [] } = style
  const nodes = stacks.flatMap(({ graph }) => graph.nodes)
  const cards = makeCards(nodes, nameOf)
  const sizes: LayoutSizes = {
    ...cards,
    labelOf: detour => {
      const widths = labelsOf(detour).map(({ text, font }) => textWidth(text, font))
      return detour.chain.length > 0 || widths.length === 0 ? 0 : 12 + Math.max(...widths)
    },
    gap: style.laneGap,
    rowGap: style.rowGap
  }
  const plans = stacks.map(({ graph, plan }) => plan ?? planRows(graph))
  const rows = stackRows(plans, sizes)
  const layouts = plans.map(plan => layOut(plan, sizes, rows))
  const columnWidth = layouts.reduce(
    (sum, layout, place) => sum + layout.right - leftOf(layout, bracketsOf(layout, stacks[place].sides)),
    BETWEEN_COLUMNS + BETWEEN_STACKS * (stacks.length - 1)
  )
  const allSides = stacks.flatMap(({ sides }) => sides)
  const ranges = style.wraps
    ? splitRows(rows, layouts, allSides, columnWidth)
    : [[0, rows.tops.length - 1] as const]

  const scenes: Scene[] = []
  const ends: Ends[] = []
  let x = 0
  for (const range of ranges) {
    const [first, end] = range
    // A detour may start above the first row, on the line from the previous column.
    const top = first === 0 ? 0 : rows.tops[first - 1] + rows.heights[first - 1]
    const [starts, stops]: [Point[], Point[]] = [[], []]
    layouts.forEach((whole, place) => {
      const part = rowsOf(whole, range)
      const { sides, caption } = stacks[place]
      if (place > 0) x += BETWEEN_STACKS
      const brackets = bracketsOf(part, sides)
      x -= leftOf(part, brackets)
      const scene = joinScenes([sceneOf(part, cards, style), brackets])
      scenes.push(moved(scene, x, -top))
      if (caption && first === 0) scenes.push(captionAt(caption, x))
      const boxes = part.plan.column.flatMap(node => part.placed.get(node) ?? [])
      const last = boxes.at(-1)
      starts.push({ x, y: (boxes[0]?.y ?? 0) - top })
      stops.push({ x, y: (last ? lowerEdge(last) : 0) - top })
      x += part.right
    })
    ends.push({ starts, stops, bottom: rows.tops[end] + rows.heights[end] - top, right: x })
    x += BETWEEN_COLUMNS
  }
  scenes.push(...ends.slice(1).map(({ starts }, place) => leads(ends[place], starts, style.radius)))
  return joinScenes(scenes)
}

/** The left extent of a layout with its brackets. */
function leftOf({ left }: Layout, brackets: Scene): number {
  return Math.min(left, boundsOf(brackets).left)
}

/** Where the main paths of a column's drawings start and stop, and the column's edges. */
interface Ends {
  readonly starts: readonly Point[]
  readonly stops: readonly Point[]
  readonly bottom: number
  readonly right: number
}

/** Lines from one column's end to the next one's start, without crossings. */
function leads({ stops, bottom, right }: Ends, starts: readonly Point[], radius: number): Scene {
  const lines = stops.map((stop, place): Line => {
    const inner = stops.length - 1 - place
    const below = bottom + LEAD + LEAD_STEP * inner
    const above = -LEAD_STEP * (place + 1)
    const gutter = right + LEAD + LEAD_STEP * inner
    const start = starts[place]
    const points = [
      stop,
      { x: stop.x, y: below },
      { x: gutter, y: below },
      { x: gutter, y: above },
      { x: start.x, y: above },
      start
    ]
    return { points, look: 'flow', radius: Math.min(radius, LEAD_STEP) }
  })
  return { boxes: [], lines, labels: [] }
}

function captionAt([name, more]: readonly [string, string], x: number): Scene {
  const labels = [
    label(name, { x, y: -42 }, 'strong', { size: 13, bold: true }, 'middle'),
    label(more, { x, y: -25 }, 'muted', { size: 10 }, 'middle')
  ]
  return { boxes: [], lines: [], labels }
}
