// torch's convention that one number applies to height and width.
import type { Pair } from '../ops.js'

/** `3` → `[3, 3]` */
export function toPair(size: number | Pair): Pair {
  return typeof size === 'number' ? [size, size] : size
}
