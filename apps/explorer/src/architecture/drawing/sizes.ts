// Sizes in the drawing, in pixels at scale 1.

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
