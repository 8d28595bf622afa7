// Files, and downloads that are kept: what both sides of `#platform` share.
import { PathError } from '../base/errors.js'

/** Where a file is: a path or URL, or the `File` or `Blob` itself. */
export type FilePath = string | URL | Blob

/** A file open for positional reads; reads may overlap. */
export interface OpenFile {
  /** The name in messages. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Reads exactly `length` bytes at `offset` into a new buffer. @throws FileError when the file is too short. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  close(): Promise<void>
}

/** A file that cannot be opened, read or written; the message names it. */
export class FileError extends PathError {}

/** A file's name in messages. */
export function fileName(path: FilePath): string {
  if (!(path instanceof Blob)) return String(path)
  return path instanceof File && path.name !== '' ? path.name : 'a blob'
}

/** @throws FileError when the range exceeds the file, before anything is allocated. */
export function assertInside(name: string, size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || !(offset + length <= size)) {
    throw new FileError(name, `ends at byte ${size}, but bytes ${offset} to ${offset + length} are needed`)
  }
}

/** Positional reads from a `Blob`, on demand. */
export function openBlob(blob: Blob, name: string): OpenFile {
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      assertInside(name, blob.size, offset, length)
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
      } catch (cause) {
        throw new FileError(name, 'cannot be read', { cause })
      }
    },
    async close() {}
  }
}

/** A finished download, to be verified before it is stored. */
export interface Received {
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex digits. */
  readonly sha256: string
}

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
