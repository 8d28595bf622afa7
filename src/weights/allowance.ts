// How much memory the tensors of one file may take. Few bytes on disk can stand for very many in memory
// (deflate, stride 0, one storage named twice), so a file gets what its size makes plausible and no more.
import { Fault } from '../base/errors.js'

const MINIMUM = 64 * 2 ** 20
const PER_FILE_BYTE = 16

/** Memory for what was taken from an allowance. @throws Fault when the system does not have it. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new Fault(`needs ${length} bytes of contiguous memory, which cannot be allocated`, {
      cause
    })
  }
}

/** Counts down what a file may still allocate. */
export class Allowance {
  readonly limit: number
  #left: number

  /** By default 64 MiB and 16 bytes for every byte of the file. */
  constructor(fileSize: number, limit = MINIMUM + PER_FILE_BYTE * fileSize) {
    this.limit = limit
    this.#left = limit
  }

  /**
   * Call before allocating.
   * @throws Fault when it is more than what is left.
   */
  take(bytes: number, what: string): void {
    if (!(bytes <= this.#left)) {
      throw new Fault(
        `${what} takes the memory it needs past ${this.limit} bytes; give a larger maxBytes if you trust the file`
      )
    }
    this.#left -= bytes
  }
}
