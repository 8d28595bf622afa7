// SHA-256 by what Node carries.
import { createHash } from 'node:crypto'

export class Sha256 {
  readonly #hash = createHash('sha256')

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes)
    return this
  }

  /** The hex digest; ends the hash. */
  digest(): string {
    return this.#hash.digest('hex')
  }
}
