// Memory of a size that a file declares.
import { Fault } from '../base/errors.js'

/** Allocates memory of a size that a file declares. @throws Fault when it cannot be allocated. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new Fault(`needs ${length} bytes of contiguous memory, which cannot be allocated`, { cause })
  }
}
