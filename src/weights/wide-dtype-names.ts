// Dtypes that files have and no tensor here: torch's names, and the dtype that holds the same bits.
import type { DType } from '../tensor/dtype.js'

export const BITS_OF = {
  uint16: 'int16',
  uint32: 'int32',
  uint64: 'int64',
  float8_e4m3fn: 'uint8',
  float8_e5m2: 'uint8'
} as const satisfies Readonly<Record<string, DType>>

/** A dtype whose elements are widened when they are read: `wider-dtypes.ts`. */
export type WideDType = keyof typeof BITS_OF

export function isWide(name: string): name is WideDType {
  return Object.hasOwn(BITS_OF, name)
}

/** The dtype that holds the bits of the elements. */
export function bitsOf(dtype: DType | WideDType): DType {
  return isWide(dtype) ? BITS_OF[dtype] : dtype
}
