// What a diagram can be told: the command line offers it before it loads what draws.

/** What a diagram can show. */
export const DIAGRAM_STYLES = ['layer', 'stage', 'block', 'plain-vs-residual'] as const

/**
 * What a diagram shows: every layer, one stage beside the whole, each kind of block in detail, or the network beside its
 * plain twin.
 */
export type DiagramStyle = (typeof DIAGRAM_STYLES)[number]

/** The grounds that a diagram can stand on. */
export const THEMES = ['auto', 'light', 'dark'] as const

/** Which ground: `auto` follows the reader's system. */
export type DiagramTheme = (typeof THEMES)[number]
