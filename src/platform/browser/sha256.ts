// SHA-256 piece by piece: the browser's own takes a file whole, and only in a page that is served securely.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

export class Sha256 {
  readonly #hash = sha256.create()

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes)
    return this
  }

  /** The hex digest; ends the hash. */
  digest(): string {
    return bytesToHex(this.#hash.digest())
  }
}
