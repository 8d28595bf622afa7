// A part with the room it takes, before it has a place in the drawing.
import type { OutlineDetour, OutlinePart } from 'resnet-ts/inspect'

/** A part, its extent on both sides of its axis, and its contents at positions relative to its top. */
export interface Measured {
  readonly part: OutlinePart
  readonly isOpen: boolean
  readonly left: number
  readonly right: number
  readonly height: number
  readonly rows: readonly Row[]
  readonly lanes: readonly Lane[]
}

/** A part on the axis, at a distance from the top. */
export interface Row {
  readonly inner: Measured
  readonly y: number
}

/** A bypass, drawn to the right of the axis; positions are relative to the axis and to the top of its parent. */
export interface Lane {
  readonly detour: OutlineDetour
  /** The x of its boxes, or of its vertical line if it has none. */
  readonly x: number
  readonly start: Point
  /** At the side of what it leads into. */
  readonly end: Point
  readonly rows: readonly Row[]
  /** Whether it begins and ends on the axis. */
  readonly isPlain: boolean
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Sizes in the drawing, in pixels at scale 1. */
export const SIZES = {
  box: { width: 256, height: 44 },
  /** A box on a bypass. */
  sideBox: { width: 196, height: 44 },
  join: 28,
  /** Between two parts on a path. */
  gap: 18,
  /** Between a part and its bypass. */
  lane: 30,
  /** The title of an unfolded part. */
  header: 34,
  padding: 16,
  corner: 18,
  /** The width of a letter of the small type. */
  character: 6.3
} as const
