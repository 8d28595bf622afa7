// SHA-256 in Node, piece by piece.
import { createHash } from 'node:crypto'

/** SHA-256 of what it is given, in the order in which it is given. */
export class Sha256 {
  readonly #hash = createHash('sha256')

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes)
    return this
  }

  /** In hex digits; nothing can be added any more. */
  digest(): string {
    return this.#hash.digest('hex')
  }
}
