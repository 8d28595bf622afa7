// Memory that may not be had, which JavaScript reports as a RangeError that names neither what it was for nor its size.
import { MemoryError } from './errors.js'
import { formatBytes } from './figures.js'
import { isA } from './kinds.js'

/** What memory is for, as in `the output logits`, and what may fit instead. */
export type Purpose = readonly [what?: () => string, remedy?: string]

/** Makes an array or a buffer of a size. @throws MemoryError */
export function withMemory<T>(
  bytes: number,
  make: () => T,
  ...[what = () => 'a tensor', remedy = 'a smaller batch or smaller images']: Purpose
): T {
  try {
    return make()
  } catch (cause) {
    if (!isA(RangeError, cause)) throw cause
    const fault = `There is not enough memory for ${what()} of ${formatBytes(bytes)}: ${remedy} may fit`
    throw new MemoryError(fault, { cause })
  }
}
