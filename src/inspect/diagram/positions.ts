// A drawing as JSON data: every box, line and text with position and size in pixels, for svg.ts or other renderers.
import type { Shape } from '../../ir/shape.js'
import { formatImage, formatParameters, grouped } from './card.js'
import type { NodeRole } from './describe.js'
import type { DiagramNode } from './diagram-graph.js'
import { membersOf } from './regroup.js'
import { boundsOf, type Box, type Scene } from './scene.js'

const MARGIN = 24

/** A drawing: lines below boxes below labels. */
export interface DiagramLayout {
  /** The bounding box with a margin, in whole pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly boxes: readonly DiagramBox[]
  readonly lines: readonly DiagramLine[]
  /** Texts outside boxes. */
  readonly labels: readonly DiagramLabel[]
}

/** A box; a join is a circle at the box's top, with its width as diameter. */
export interface DiagramBox {
  readonly role: NodeRole
  /** A join's operation: F(x) + x or F(x) · x. */
  readonly join?: 'add' | 'mul'
  /** A description: `3×3 conv, 64, /2`. */
  readonly title: string
  /** The layers in it, such as `layer1.0.conv1`; empty for an op of a module's own `forward`. */
  readonly layers: readonly string[]
  /** The output's shape. */
  readonly shape: Shape
  readonly parameters: number
  readonly multiplyAdds: number
  /** Details, line by line. */
  readonly about: readonly string[]
  /** Whether it is shown in detail elsewhere in the drawing. */
  readonly isMarked: boolean
  /** The upper left corner. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly labels: readonly DiagramLabel[]
}

/** A polyline; a skip is a shortcut, brackets and guides carry no data. */
export interface DiagramLine {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly look: 'flow' | 'skip' | 'guide' | 'bracket'
  readonly hasHead: boolean
  /** Whether it branches off another line, marked with a dot. */
  readonly hasDot: boolean
  /** Corner radius. */
  readonly radius: number
  /** Indices of the boxes it connects, if any. */
  readonly from?: number
  readonly to?: number
}

/** A text; `y` is its vertical middle. */
export interface DiagramLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  /** The end of the text at `x`. */
  readonly anchor: 'start' | 'middle' | 'end'
  readonly font: { readonly size: number; readonly bold?: boolean }
  readonly look: 'strong' | 'plain' | 'muted'
}

/** A scene as plain data. */
export function positionsOf(scene: Scene): DiagramLayout {
  const { left, top, right, bottom } = boundsOf(scene)
  // Whole pixels for sharp edges.
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
