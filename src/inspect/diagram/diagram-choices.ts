// Choices for diagrams, apart from the drawing code so that the command line need not load it.

export const DIAGRAM_STYLES = ['layer', 'stage', 'block', 'plain-vs-residual'] as const

/** Every layer, one stage in detail, each kind of block, or the network beside its plain twin. */
export type DiagramStyle = (typeof DIAGRAM_STYLES)[number]

export const THEMES = ['auto', 'light', 'dark'] as const

/** `auto` follows the reader's system. */
export type DiagramTheme = (typeof THEMES)[number]
