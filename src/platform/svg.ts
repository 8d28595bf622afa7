// What both sides of `#platform` agree on about rendering SVG.

/** How an SVG becomes pixels. */
export interface RenderOptions {
  /** Pixels for each unit of the SVG; default 2, sharp on today's screens. */
  readonly scale?: number
}
