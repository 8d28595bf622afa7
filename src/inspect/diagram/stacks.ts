// One or several drawings side by side with shared rows, wrapped into columns if too tall.
import { makeCards, type Detail, type Label } from './card.js'
import { bracketsOf, type Side } from './brackets.js'
import { cleanCuts, rowsOf, splitRows, type Range } from './columns.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import { layOut, lowerEdge, stackRows, type Layout, type LayoutSizes, type Point } from './layout.js'
import { planRows, type Detour, type Plan } from './plan.js'
import { boundsOf, joinScenes, label, moved, sceneOf, type Scene } from './scene.js'
import { textWidth } from './text-width.js'

/** One drawing. */
export interface Stack {
  readonly graph: DiagramGraph
  /** Given if its rows follow another drawing's. */
  readonly plan?: Plan
  readonly sides: readonly Side[]
  /** The caption: a name, and details. */
  readonly caption?: readonly [name: string, more: string]
}

/** Options of drawings. */
export interface StackStyle {
  readonly detail: Detail
  readonly nameOf: (node: DiagramNode) => string
  readonly rowGap: number
  readonly laneGap: number
  readonly radius: number
  /** Whether to wrap into columns. */
  readonly wraps: boolean
  readonly labelsOf?: (detour: Detour) => readonly Label[]
  readonly isMarked?: (node: DiagramNode) => boolean
}

const BETWEEN_STACKS = 56
const BETWEEN_COLUMNS = 44
const LEAD = 12
const LEAD_STEP = 8
const CAPTION = { name: { size: 13, bold: true }, more: { size: 10 } } as const

/** Draws stacks, with the first box near the origin. */
export function drawStacks(stacks: readonly Stack[], style: StackStyle): Scene {
  const cards = makeCards(
    stacks.flatMap(({ graph }) => graph.nodes),
    style
  )
  const { labelsOf = () => [] } = style
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
  const rows = stackRows(plans.map(plan => [plan, sizes] as const))
  const layouts = plans.map(plan => layOut(plan, sizes, rows))
  const widths = layouts.map(
    ({ right }, place) => right - leftOf(layouts[place], bracketsOf(layouts[place], stacks[place].sides))
  )
  const columnWidth = widths.reduce(
    (sum, width) => sum + width,
    BETWEEN_COLUMNS + BETWEEN_STACKS * (stacks.length - 1)
  )
  const last = rows.tops.length - 1
  const ranges: readonly Range[] = style.wraps
    ? splitRows(
        rows,
        cleanCuts(
          layouts,
          stacks.flatMap(({ sides }) => sides),
          rows.tops.length
        ),
        columnWidth
      )
    : [[0, last]]

  const scenes: Scene[] = []
  const ends: {
    readonly out: readonly Point[]
    readonly in: readonly Point[]
    readonly bottom: number
    readonly right: number
  }[] = []
  let x = 0
  for (const range of ranges) {
    const [first, end] = range
    // A detour may start above the first row, on the line from the previous column.
    const top = first === 0 ? 0 : rows.tops[first - 1] + rows.heights[first - 1]
    const [out, into]: [Point[], Point[]] = [[], []]
    layouts.forEach((whole, place) => {
      const part = rowsOf(whole, range)
      const { sides, caption } = stacks[place]
      if (place > 0) x += BETWEEN_STACKS
      const brackets = bracketsOf(part, sides)
      x -= leftOf(part, brackets)
      const scene = joinScenes([sceneOf(part, cards, style), brackets])
      scenes.push(moved(scene, x, -top))
      if (caption && first === 0) scenes.push(captionAt(caption, x))
      const [begin, low] = endsOf(part, whole)
      into.push({ x, y: begin - top })
      out.push({ x, y: low - top })
      x += part.right
    })
    const bottom = rows.tops[end] + rows.heights[end] - top
    ends.push({ in: into, out, bottom, right: x })
    x += BETWEEN_COLUMNS
  }
  scenes.push(...ends.slice(1).map((next, place) => leads(ends[place], next, style.radius)))
  return joinScenes(scenes)
}

/** The left extent of a layout with its brackets. */
function leftOf({ left }: Layout, brackets: Scene): number {
  return Math.min(left, boundsOf(brackets).left)
}

/** Upper edge of a column's first box, and lower edge of its last. */
function endsOf(part: Layout, { plan: { column } }: Layout): readonly [top: number, bottom: number] {
  const boxes = column.flatMap(node => part.placed.get(node) ?? [])
  const last = boxes.at(-1)
  return [boxes[0]?.y ?? 0, last ? lowerEdge(last) : 0]
}

/** Lines from one column's end to the next one's start, without crossings. */
function leads(
  from: { readonly out: readonly Point[]; readonly bottom: number; readonly right: number },
  to: { readonly in: readonly Point[] },
  radius: number
): Scene {
  const count = from.out.length
  const lines = from.out.map((start, place) => {
    const inner = count - 1 - place
    const below = from.bottom + LEAD + LEAD_STEP * inner
    const above = -LEAD_STEP * (place + 1)
    const gutter = from.right + LEAD + LEAD_STEP * inner
    const end = to.in[place]
    const points = [
      start,
      { x: start.x, y: below },
      { x: gutter, y: below },
      { x: gutter, y: above },
      { x: end.x, y: above },
      end
    ]
    return {
      points,
      look: 'flow' as const,
      hasHead: true,
      hasDot: false,
      radius: Math.min(radius, LEAD_STEP)
    }
  })
  return { boxes: [], lines, labels: [] }
}

function captionAt([name, more]: readonly [string, string], x: number): Scene {
  const labels = [
    label(name, { x, y: -42 }, 'strong', CAPTION.name, 'middle'),
    label(more, { x, y: -25 }, 'muted', CAPTION.more, 'middle')
  ]
  return { boxes: [], lines: [], labels }
}
