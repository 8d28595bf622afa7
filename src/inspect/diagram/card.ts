// Texts and sizes of boxes.
import { formatCount } from '../../base/figures.js'
import type { Shape } from '../../ir/shape.js'
import type { DiagramNode } from './diagram-graph.js'
import { JOIN_RADIUS, type Point } from './layout.js'
import type { DiagramLabel } from './positions.js'
import { shortened, textWidth, type Font } from './text-width.js'

type Line = Readonly<Record<'left' | 'right', string>>

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
  labelsOf(node: DiagramNode, corner: Point): DiagramLabel[]
}

/** Cards of one line without names, otherwise of two where needed. */
export function makeCards(nodes: readonly DiagramNode[], nameOf?: (node: DiagramNode) => string): Cards {
  const lines = new Map(nodes.map(node => [node, linesOf(node, nameOf?.(node))]))
  const boxes = nodes.filter(({ role }) => role !== 'join')
  const needed = boxes.flatMap(node => lines.get(node)?.map(lineWidth) ?? [])
  const width = Math.ceil(Math.max(80, ...needed) / 2) * 2 + 2 * INSET
  return {
    widthOf: node => (node.role === 'join' ? 2 * JOIN_RADIUS : width),
    heightOf(node) {
      if (node.role === 'join') return 2 * JOIN_RADIUS + (node.note ? NOTE_HEIGHT : 0)
      return lines.get(node)?.length === 2 ? HEIGHTS.two : HEIGHTS.one
    },
    labelsOf(node, { x, y }) {
      if (node.role === 'join') return noteOf(node, { x, y })
      const written = lines.get(node) ?? []
      return written.flatMap(({ left, right }, place) => {
        const middle = y + (written.length === 1 ? HEIGHTS.one / 2 : place === 0 ? 13 : 27)
        return [
          label(left, { x: x + INSET, y: middle }, place === 0 ? 'plain' : 'muted', fontOf(place)),
          ...(right === '' ? [] : [label(right, { x: x + width - INSET, y: middle }, 'muted', SMALL, 'end')])
        ]
      })
    }
  }
}

/** A shape without its batch: `64 × 56 × 56`. */
export function formatImage(shape: Shape): string {
  return (shape.length > 1 ? shape.slice(1) : shape).join(' × ')
}

/** A box's number of parameters as text; undefined for 0. */
export function formatParameters({ parameters, reuses }: DiagramNode): string {
  if (parameters === 0) return reuses ? 'reused' : ''
  return reuses ? `${formatCount(parameters)} + reused` : formatCount(parameters)
}

function linesOf(node: DiagramNode, name: string | undefined): Line[] {
  const left = shortened(node.title, MOST_TITLE, TITLE)
  const parameters = formatParameters(node)
  if (node.role === 'input') return [{ left, right: formatImage(node.shape) }]
  if (name === undefined) return [{ left, right: parameters }]
  const first: Line = { left, right: shortened(name, MOST_NAME, SMALL, 'end') }
  const isQuiet = parameters === '' && (node.role === 'activation' || node.role === 'norm')
  return isQuiet ? [first] : [first, { left: formatImage(node.shape), right: parameters }]
}

function lineWidth({ left, right }: Line, place: number): number {
  return textWidth(left, fontOf(place)) + (right === '' ? 0 : BETWEEN + textWidth(right, SMALL))
}

/** The first line is the box's title. */
function fontOf(place: number): Font {
  return place === 0 ? TITLE : SMALL
}

/** The note beside a join's output line. */
function noteOf({ note }: DiagramNode, { x, y }: Point): DiagramLabel[] {
  if (!note) return []
  const at = { x: x - 7 + JOIN_RADIUS, y: y + 2 * JOIN_RADIUS + NOTE_HEIGHT / 2 }
  return [label(note, at, 'muted', SMALL, 'end')]
}

export function label(
  text: string,
  { x, y }: Point,
  look: DiagramLabel['look'],
  font: Font,
  anchor: DiagramLabel['anchor'] = 'start'
): DiagramLabel {
  return { text, x, y, anchor, font, look }
}
