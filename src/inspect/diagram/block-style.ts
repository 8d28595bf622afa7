// Each kind of residual block in detail, as in figures 2 and 5 of the paper (arXiv:1512.03385).
import type { Module } from '../../nn/module/module.js'
import { ResnetError } from '../../base/errors.js'
import { groupBy } from '../group-by.js'
import { findBlocks, kindOf, type Block } from './blocks.js'
import { label } from './card.js'
import type { DiagramGraph } from './diagram-graph.js'
import { nameWithin } from './layer-style.js'
import type { Detour } from './plan.js'
import type { DiagramLabel } from './positions.js'
import { branchesOf, cutOut, holderOf, leadingInto, terminal } from './regroup.js'
import { boundsOf, isFree, joinScenes, labelBounds, moved, type Box, type Scene } from './scene.js'
import { drawStacks } from './stacks.js'
import { shortened } from './text-width.js'

const BETWEEN = 64
const MOST_WIDTH = 1500
const TITLE = { size: 13, bold: true } as const
const TEXT = { size: 11 } as const
const ARC = { size: 12 } as const

/** Draws one block of every kind. @throws ResnetError when the network has no block. */
export function drawBlocks(graph: DiagramGraph, net: Module): Scene {
  const kinds = groupBy(findBlocks(graph), block => kindOf(graph, block))
  if (kinds.size === 0) {
    throw new ResnetError(
      `${net.typeName} has no residual block: F(x) is nowhere added to x or multiplied by it; --style layer draws it`
    )
  }
  return sideBySide(Array.from(kinds.values(), blocks => drawKind(graph, blocks)))
}

function drawKind(graph: DiagramGraph, blocks: readonly Block[]): Scene {
  const [block] = blocks
  const { join, scope } = block
  const part = withOutput(cutOut(graph, new Set(block.members)))
  const branches = branchesOf(part, join)
  const body = holderOf(part, join.join?.body)
  const inBody = leadingInto(part, body ? [body] : [], node => branches.has(node))
  const drawn = drawStacks([{ graph: part, sides: [{ nodes: inBody, lines: ['F(x)'] }] }], {
    nameOf: node => nameWithin(node, scope?.path),
    rowGap: 24,
    laneGap: 26,
    radius: 26,
    wraps: false,
    labelsOf: detour => (detour.target === join ? arcLabels(detour, block) : [])
  })
  const circle = drawn.boxes.find(({ node }) => node === join)
  const formula = circle ? besideCircle(formulaOf(block, part), circle, drawn) : []
  const { left, top } = boundsOf(drawn)
  const name = scope?.module.typeName ?? 'F(x) ' + join.title + ' x'
  const captions = [
    label(name, { x: left, y: top - 44 }, 'strong', TITLE),
    label(whereOf(blocks), { x: left, y: top - 24 }, 'muted', TEXT)
  ]
  return joinScenes([drawn, { boxes: [], lines: [], labels: [...formula, ...captions] }])
}

/** Places a text beside a join where there is room. */
function besideCircle(text: string, { x, y, width, height }: Box, drawn: Scene): DiagramLabel[] {
  const [left, right] = [x - 12, x + width + 12]
  const places = [
    label(text, { x: left, y: y + height / 2 }, 'plain', ARC, 'end'),
    label(text, { x: left, y: y + height + 8 }, 'plain', ARC, 'end'),
    label(text, { x: right, y: y + height + 8 }, 'plain', ARC)
  ]
  return places.filter(place => isFree(labelBounds(place), drawn)).slice(0, 1)
}

function withOutput({ nodes, sources }: DiagramGraph): DiagramGraph {
  const last = nodes[nodes.length - 1]
  const output = terminal('y', { ...last, values: [] })
  return { nodes: [...nodes, output], sources: new Map([...sources, [output, [last]]]) }
}

function arcLabels({ chain }: Detour, { isIdentity }: Block): DiagramLabel[] {
  if (chain.length > 0 || !isIdentity) return []
  return [label('x', { x: 0, y: 0 }, 'plain', ARC), label('identity', { x: 0, y: 0 }, 'muted', { size: 10 })]
}

/** The join's formula; shortcuts with parameters are projections. */
function formulaOf({ join, isIdentity }: Block, graph: DiagramGraph): string {
  const sign = join.join?.op === 'mul' ? '·' : '+'
  if (isIdentity) return `F(x) ${sign} x`
  const shortcut = holderOf(graph, join.join?.shortcut)
  const behind = [...leadingInto(graph, shortcut ? [shortcut] : [])]
  const isProjection = behind.some(({ parameters, reuses }) => parameters > 0 || reuses)
  return `F(x) ${sign} ${isProjection ? 'W·x' : 'S(x)'}`
}

function whereOf(blocks: readonly Block[]): string {
  const names = blocks.map(({ scope, join }) => scope?.name ?? join.name).filter(name => name !== '')
  const count = blocks.length === 1 ? '1 block' : `${blocks.length} blocks`
  return shortened([count, ...(names.length > 0 ? [names.join(', ')] : [])].join(': '), 330, TEXT)
}

/** Arranges scenes in rows as wide as a page. */
function sideBySide(scenes: readonly Scene[]): Scene {
  let [x, y, low] = [0, 0, 0]
  return joinScenes(
    scenes.map(scene => {
      const { left, top, right, bottom } = boundsOf(scene)
      if (x > 0 && x + right - left > MOST_WIDTH) [x, y] = [0, low + BETWEEN]
      const placed = moved(scene, x - left, y - top)
      x += right - left + BETWEEN
      low = Math.max(low, y + bottom - top)
      return placed
    })
  )
}
