// A drawing as plain data that JSON can hold: every box, line and text with its place and size in pixels. svg.ts writes it
// as SVG; others may draw it in their own way.
import type { Shape } from '../../ir/shape.js'
import { formatImage, formatParameters, grouped } from './card.js'
import type { NodeRole } from './describe.js'
import type { DiagramNode } from './diagram-graph.js'
import { membersOf } from './regroup.js'
import { boundsOf, type Box, type Scene } from './scene.js'

const MARGIN = 24

/** A drawing. Lines come first, then boxes on top of them, then labels. */
export interface DiagramLayout {
  /** The rectangle that holds it all, with a margin, in whole pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly boxes: readonly DiagramBox[]
  readonly lines: readonly DiagramLine[]
  /** Texts outside boxes. */
  readonly labels: readonly DiagramLabel[]
}

/** A box; a join is a circle, whose diameter is the box's width, at the top of it. */
export interface DiagramBox {
  readonly role: NodeRole
  /** What a join computes: F(x) + x or F(x) · x. */
  readonly join?: 'add' | 'mul'
  /** What is done: `3×3 conv, 64, /2`. */
  readonly title: string
  /** The names of the layers in it, such as `layer1.0.conv1`; none where a module's own `forward` applies an op. */
  readonly layers: readonly string[]
  /** Of its output. */
  readonly shape: Shape
  readonly parameters: number
  readonly multiplyAdds: number
  /** All about it, line by line. */
  readonly about: readonly string[]
  /** Whether it is the one that is shown in detail elsewhere on the drawing. */
  readonly isMarked: boolean
  /** Of its upper left corner. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly labels: readonly DiagramLabel[]
}

/** A line through points; a skip is what a shortcut carries, a bracket or guide carries nothing. */
export interface DiagramLine {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly look: 'flow' | 'skip' | 'guide' | 'bracket'
  /** Whether an arrow's head is at its end. */
  readonly hasHead: boolean
  /** Whether a dot marks where it leaves another line. */
  readonly hasDot: boolean
  /** How round its corners are. */
  readonly radius: number
  /** The boxes it leads from and to, by their place in the list; none where it only leads on or carries nothing. */
  readonly from?: number
  readonly to?: number
}

/** A text; `y` is the middle of its height. */
export interface DiagramLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  /** Which end of the text is at `x`. */
  readonly anchor: 'start' | 'middle' | 'end'
  readonly font: { readonly size: number; readonly bold?: boolean }
  readonly look: 'strong' | 'plain' | 'muted'
}

/** A scene without the graph behind it. */
export function positionsOf(scene: Scene): DiagramLayout {
  const { left, top, right, bottom } = boundsOf(scene)
  // Whole pixels: edges stay sharp.
  const [x, y] = [left - MARGIN, top - MARGIN].map(Math.floor)
  const places = new Map(scene.boxes.map(({ node }, place) => [node, place]))
  return {
    x,
    y,
    width: Math.ceil(right + MARGIN) - x,
    height: Math.ceil(bottom + MARGIN) - y,
    boxes: scene.boxes.map(boxAlone),
    lines: scene.lines.map(({ from, to, ...line }) => {
      const [start, end] = [from, to].map(node => (node ? places.get(node) : undefined))
      return {
        ...line,
        ...(start === undefined ? {} : { from: start }),
        ...(end === undefined ? {} : { to: end })
      }
    }),
    labels: scene.labels
  }
}

function boxAlone({ node, isMarked = false, ...place }: Box): DiagramBox {
  const { role, title, shape, parameters, multiplyAdds, join } = node
  const layers = membersOf(node).flatMap(({ isLayer, path }) => (isLayer ? [path] : []))
  return {
    role,
    ...(join ? { join: join.op } : {}),
    title,
    layers,
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
    ...membersOf(node).map(({ path, type, isLayer, title }) =>
      isLayer ? `${path} (${type})` : [path, title].filter(part => part !== '').join(': ')
    ),
    ...(join ? [join.op === 'add' ? 'F(x) + x' : 'F(x) · x'] : []),
    `${role === 'input' ? 'shape' : 'output'} ${formatImage(shape)}`,
    ...(parameters === '' ? [] : [`${parameters} parameters`]),
    ...(multiplyAdds === 0 ? [] : [`${grouped(multiplyAdds)} multiply-adds`])
  ]
}
