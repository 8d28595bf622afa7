// SHA-256 by what Node carries.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

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

/** The hex digest of a file, read in parts. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = new Sha256()
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hash.update(chunk as Uint8Array)
  return hash.digest()
}
