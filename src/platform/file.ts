// Files, and downloads that are kept: what both sides of `#platform` share.
import { Fault, PathError } from '../base/errors.js'
import { isA, isBlob, isBytes, viewOf, type Bytes } from '../base/kinds.js'
import { shown } from '../base/words.js'
import { AnswerFault, receive, TIMEOUT_MS, withoutCredentials, type Asking } from './answers.js'

/** Where a file is: a path or an address (`https:`, `file:`, `data:`, `blob:`); or the `File`, `Blob` or bytes themselves. */
export type FilePath = string | URL | Blob | Bytes

/** A file open for positional reads; reads may overlap. */
export interface OpenFile {
  /** The name in messages. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Reads exactly `length` bytes at `offset`; of given bytes, a view. @throws FileError when the file is too short. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** A file that cannot be opened, read or written; the message names it. */
export class FileError extends PathError {}

// Of a data URL, the type alone: the rest is the file.
const DATA_HEADER = /^data:[^,]{0,60}/i

// No name on any disk is longer, and no path has a zero: such a text is a file's content, perhaps in base64.
const NO_PATH = /\0|[^/\\]{256}/
const IS_ADDRESS = /^[a-z][a-z\d+.-]+:\/\//i
const LONGEST_PLACE = 4096

/** A file's name in messages: never its bytes. */
export function fileName(path: FilePath): string {
  if (isBytes(path)) return 'the given bytes'
  if (isBlob(path))
    return 'name' in path && typeof path.name === 'string' && path.name !== '' ? path.name : 'a blob'
  if (typeof path !== 'string' && !isA(URL, path)) return shown(path)
  const text = String(path)
  const [header] = DATA_HEADER.exec(text) ?? []
  if (header !== undefined) return `${header},…`
  const isPlace = IS_ADDRESS.test(text) || !NO_PATH.test(text)
  return isPlace && text.length <= LONGEST_PLACE
    ? withoutCredentials(text)
    : `a text of ${text.length} characters`
}

/** The file itself, where it is given in place of a path. */
export function openGiven(path: FilePath): OpenFile | undefined {
  if (isBlob(path)) return openBlob(path, fileName(path))
  return isBytes(path) ? openBytes(viewOf(path)) : undefined
}

/** Positional reads from bytes: views of them, not copies. */
function openBytes(bytes: Uint8Array): OpenFile {
  const name = fileName(bytes)
  return {
    name,
    size: bytes.byteLength,
    async read(offset, length) {
      assertInside(name, bytes.byteLength, offset, length)
      return bytes.subarray(offset, offset + length)
    },
    async close() {}
  }
}

/** Chunks as a stream; an error of theirs, not of the storage, is passed to `onFault` too. */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, undefined>,
  onFault: (fault: Error) => void
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await chunks.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      } catch (error) {
        onFault(isA(Error, error) ? error : new Error(String(error)))
        controller.error(error)
      }
    },
    async cancel() {
      await chunks.return(undefined)
    }
  })
}

// What is kept in memory; larger files are downloaded first.
const MAX_FETCHED_BYTES = 4 * 2 ** 30
// More than any published ResNet or VGG has.
const MAX_UNSIZED_BYTES = 2 ** 30

/** What is read whole. */
export interface Reading {
  readonly maxBytes?: number
  /** What a compressed answer that does not say its size may become in memory; default 1 GiB. */
  readonly maxUnsized?: number
  /** Throws a Fault where a file of more bytes begins as none of its kind does: the others are not taken. */
  readonly checkHead?: (head: Uint8Array) => unknown
}

const HEAD_BYTES = 4096
// Of smaller files it costs more to look twice.
const LARGE = 2 ** 20

/** A whole file. @throws FileError when it is too large, or cannot be read. */
export async function readWhole(
  file: OpenFile,
  { maxBytes = Infinity, checkHead }: Reading
): Promise<Uint8Array> {
  const { name, size } = file
  if (size > LARGE) await checkHead?.(await file.read(0, HEAD_BYTES))
  if (size > maxBytes) throw new FileError(name, `has ${size} bytes, at most ${maxBytes} are allowed`)
  return file.read(0, size)
}

async function* checked(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  check: Reading['checkHead']
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const head = new Uint8Array(HEAD_BYTES)
  let filled = 0
  for await (const chunk of chunks) {
    if (filled < HEAD_BYTES) {
      head.set(chunk.subarray(0, HEAD_BYTES - filled), filled)
      filled += chunk.length
      if (filled >= HEAD_BYTES) await check?.(head)
    }
    yield chunk
  }
}

/** What an address leads to, in memory. @throws FileError when it cannot be fetched, or is too large. */
export async function openAddress(
  url: string,
  name: string,
  explain: Asking['explain'],
  {
    maxBytes = MAX_FETCHED_BYTES,
    maxUnsized = Math.min(maxBytes, MAX_UNSIZED_BYTES),
    checkHead
  }: Reading = {}
): Promise<OpenFile> {
  let fault: Error | undefined
  const chunks = checked(receive(url, { maxBytes, maxUnsized, explain }), checkHead)
  try {
    const blob = await new Response(streamOf(chunks, error => (fault = error))).blob()
    return openBlob(blob, name)
  } catch (cause) {
    if (fault instanceof Fault && !(fault instanceof AnswerFault)) throw fault
    const reason = fault instanceof AnswerFault ? fault.message : 'it does not fit into the memory'
    throw new FileError(name, `cannot be fetched: ${reason}`, { cause: fault ?? cause })
  }
}

/** Whether a server has something at an address, asked for its head alone; true where it does not say. */
export async function isServed(url: string): Promise<boolean> {
  const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined
  )
  return answer?.status !== 404 && answer?.status !== 410
}

/** Refuses what is no place of a file at all. */
export function assertPlace(path: unknown): asserts path is string | URL {
  if (typeof path === 'string' || isA(URL, path)) return
  throw new FileError(fileName(path as FilePath), 'is neither a path, an address, a Blob nor bytes')
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
        return new Uint8Array(await contentOf(blob.slice(offset, offset + length)))
      } catch (cause) {
        throw new FileError(name, 'cannot be read', { cause })
      }
    },
    async close() {}
  }
}

/** A blob's bytes; jsdom's blobs can only be read as of old. */
function contentOf(blob: Blob): Promise<ArrayBuffer> {
  if ('arrayBuffer' in blob) return blob.arrayBuffer()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as ArrayBuffer)
    reader.onerror = () => reject(reader.error ?? new Error('no reason given'))
    reader.readAsArrayBuffer(blob)
  })
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

/** Whether a file's digest is the one that was asked for, and the one that was noted when it was stored; one of them is known. */
export function isDigest(found: string, sha256Prefix: string, noted: string | undefined): boolean {
  if (!found.startsWith(sha256Prefix.toLowerCase())) return false
  // A note that is cut short, as by a full disk, tells as little as none.
  return noted?.length === found.length ? found === noted.toLowerCase() : sha256Prefix !== ''
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
