// Limits the memory of a file's tensors, since a small file can declare very large ones (deflate, stride 0, shared storages).
import { Fault } from '../base/errors.js'

const MINIMUM = 64 * 2 ** 20
const PER_FILE_BYTE = 16

/** The memory that a file may still allocate. */
export class Allowance {
  readonly limit: number
  #left: number

  /** Default 64 MiB plus 16 bytes per byte of the file. */
  constructor(fileSize: number, limit = MINIMUM + PER_FILE_BYTE * fileSize) {
    this.limit = limit
    this.#left = limit
  }

  /** Call before allocating. @throws Fault when it exceeds the remaining allowance. */
  take(bytes: number, what: string): void {
    if (!(bytes <= this.#left)) {
      throw new Fault(
        `${what} takes the memory it needs past ${this.limit} bytes; give a larger maxBytes if you trust the file`
      )
    }
    this.#left -= bytes
  }
}
