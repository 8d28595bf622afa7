// torch's convention that one number stands for height and width alike.
import type { Pair } from '../ops.js'

/** `3` → `[3, 3]` */
export function toPair(size: number | Pair): Pair {
  return typeof size === 'number' ? [size, size] : size
}
