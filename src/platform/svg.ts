// What both sides of `#platform` agree on about rendering SVG.

import { numberAbove, type Checks } from '../base/options.js'
/** How an SVG becomes pixels. */
export interface RenderOptions {
  /** Pixels for each unit of the SVG; default 2, sharp on today's screens. */
  readonly scale?: number
}

/** What those must be. */
export const RENDER_OPTIONS: Checks<RenderOptions> = { scale: numberAbove(0) }
