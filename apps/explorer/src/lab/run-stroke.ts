// What the reader draws, as the page and the lab both know it.

/** A line drawn without lifting the pen: x and y in turn, y downwards. */
export type Stroke = readonly number[]

/** Sides of the paper that is drawn on, in the unit of strokes. */
export const PAPER = 320
