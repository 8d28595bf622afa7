// How large things are in the drawing, in its own units: pixels at the scale of 1.

export const SIZES = {
  box: { width: 256, height: 44 },
  /** A box on a way around. */
  sideBox: { width: 196, height: 44 },
  join: 28,
  /** Between two parts on a way. */
  gap: 18,
  /** Between a part and what goes around it. */
  lane: 30,
  /** The title of a part that is unfolded. */
  header: 34,
  padding: 16,
  corner: 18,
  /** The width of a letter of the small type. */
  character: 6.3
} as const
