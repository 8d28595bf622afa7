// Texts and sizes of boxes.
import type { Shape } from '../../ir/shape.js'
import type { DiagramNode } from './diagram-graph.js'
import { JOIN_RADIUS } from './layout.js'
import { shortened, textWidth, type Font } from './text-width.js'

/** A line of text in a box: a left part and a right part. */
interface Line {
  readonly left: string
  readonly right: string
  readonly fonts: readonly [left: Font, right: Font]
}

/** A placed text: `y` is its vertical middle, `anchor` the end at x. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly font: Font
  readonly look: 'strong' | 'plain' | 'muted'
}

/** One line per box, or two where needed. */
export type Detail = 'one-line' | 'two-line'

const TITLE: Font = { size: 12 }
const SMALL: Font = { size: 10 }
const NOTE_HEIGHT = 15
const INSET = 9
const BETWEEN = 14
const HEIGHTS = { one: 22, two: 38 }
const MOST_TITLE = 230
const MOST_NAME = 150

/** Sizes and texts of a drawing's boxes, which have equal widths. */
export interface Cards {
  widthOf(node: DiagramNode): number
  heightOf(node: DiagramNode): number
  /** A box's texts, given its upper left corner. */
  labelsOf(node: DiagramNode, x: number, y: number): Label[]
}

/** Chooses the texts of the boxes. */
export function makeCards(
  nodes: readonly DiagramNode[],
  { detail, nameOf }: { readonly detail: Detail; readonly nameOf: (node: DiagramNode) => string }
): Cards {
  const lines = new Map(nodes.map(node => [node, linesOf(node, detail, nameOf(node))]))
  const boxes = nodes.filter(({ role }) => role !== 'join')
  const needed = boxes.flatMap(node => lines.get(node)?.map(lineWidth) ?? [])
  const width = Math.ceil(Math.max(80, ...needed) / 2) * 2 + 2 * INSET
  return {
    widthOf: node => (node.role === 'join' ? 2 * JOIN_RADIUS : width),
    heightOf(node) {
      if (node.role === 'join') return 2 * JOIN_RADIUS + (isNoted(node) ? NOTE_HEIGHT : 0)
      return lines.get(node)?.length === 2 ? HEIGHTS.two : HEIGHTS.one
    },
    labelsOf(node, x, y) {
      if (node.role === 'join') return noteOf(node, x, y)
      const written = lines.get(node) ?? []
      return written.flatMap((line, place) => lineLabels(line, place, written.length, x, y, width))
    }
  }
}

/** A shape without its batch: `64 × 56 × 56`. */
export function formatImage(shape: Shape): string {
  return (shape.length > 1 ? shape.slice(1) : shape).join(' × ')
}

/** Grouped digits: `11,689,512`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** A box's number of parameters as text; undefined for 0. */
export function formatParameters({ parameters, reuses }: DiagramNode): string {
  if (parameters === 0) return reuses ? 'reused' : ''
  return reuses ? `${grouped(parameters)} + reused` : grouped(parameters)
}

function isNoted({ note = '' }: DiagramNode): boolean {
  return note !== ''
}

function linesOf(node: DiagramNode, detail: Detail, name: string): Line[] {
  const title = shortened(node.title, MOST_TITLE, TITLE)
  const shortName = shortened(name, MOST_NAME, SMALL, 'end')
  const parameters = formatParameters(node)
  if (node.role === 'input') {
    return [{ left: title, right: formatImage(node.shape), fonts: [TITLE, SMALL] }]
  }
  if (detail === 'one-line') {
    return [
      { left: title, right: node.role === 'group' ? (node.note ?? '') : parameters, fonts: [TITLE, SMALL] }
    ]
  }
  const first: Line = { left: title, right: shortName, fonts: [TITLE, SMALL] }
  const isQuiet = parameters === '' && (node.role === 'activation' || node.role === 'norm')
  return isQuiet
    ? [first]
    : [first, { left: formatImage(node.shape), right: parameters, fonts: [SMALL, SMALL] }]
}

function lineWidth({ left, right, fonts }: Line): number {
  return textWidth(left, fonts[0]) + (right === '' ? 0 : BETWEEN + textWidth(right, fonts[1]))
}

function lineLabels(line: Line, place: number, count: number, x: number, y: number, width: number): Label[] {
  const middle = count === 1 ? y + HEIGHTS.one / 2 : y + (place === 0 ? 13 : 27)
  const left: Label = {
    text: line.left,
    x: x + INSET,
    y: middle,
    anchor: 'start',
    font: line.fonts[0],
    look: place === 0 ? 'plain' : 'muted'
  }
  if (line.right === '') return [left]
  return [
    left,
    { ...left, text: line.right, x: x + width - INSET, anchor: 'end', font: line.fonts[1], look: 'muted' }
  ]
}

/** The note beside a join's output line. */
function noteOf(node: DiagramNode, x: number, y: number): Label[] {
  if (!isNoted(node)) return []
  const at = { x: x - 7 + JOIN_RADIUS, y: y + 2 * JOIN_RADIUS + NOTE_HEIGHT / 2 }
  return [{ text: node.note ?? '', ...at, anchor: 'end', font: SMALL, look: 'muted' }]
}
