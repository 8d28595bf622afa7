// SHA-256 in the browser, piece by piece: its own takes a file whole, and only in a page that is served securely.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 of what it is given, in the order in which it is given. */
export class Sha256 {
  readonly #hash = sha256.create()

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes)
    return this
  }

  /** In hex digits; nothing can be added any more. */
  digest(): string {
    return bytesToHex(this.#hash.digest())
  }
}
