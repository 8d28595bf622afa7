// A drawing as JSON data: every box, line and text with position and size in pixels, for svg.ts or other renderers.
import type { DiagramNode } from './diagram-graph.js'

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
export interface DiagramBox extends Pick<
  DiagramNode,
  'role' | 'title' | 'shape' | 'parameters' | 'multiplyAdds'
> {
  /** A join's operation: F(x) + x or F(x) · x. */
  readonly join?: 'add' | 'mul'
  /** The names of the results of layers in it, such as `layer1.0.relu_1`; empty for an op of a module's own `forward`. */
  readonly layers: readonly string[]
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
