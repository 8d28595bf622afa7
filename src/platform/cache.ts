/** A finished download, to be verified before it is stored. */
export interface Received {
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex digits. */
  readonly sha256: string
}

/** A download's folder and name. */
export interface CachePlace {
  /** A folder; undefined for the user's cache. */
  readonly folder: string | undefined
  readonly name: string
}

/** Passes chunks on and verifies them after the last. */
export async function* verified(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  hash: { update(bytes: Uint8Array): unknown; digest(): string },
  verify: (received: Received) => void
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  let size = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    size += chunk.byteLength
    yield chunk
  }
  verify({ size, sha256: hash.digest() })
}
