// Single-member gzip files. Source: RFC 1952.
import { crc32 } from '#platform'
import { InflateError, inflateInto } from '../platform/inflate.js'
import { DatasetError } from './dataset.js'

const HEADER_BYTES = 10
const TRAILER_BYTES = 8
const DEFLATE = 8
const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }
// Deflate's maximum ratio: 258 bytes from two bits.
const MAX_RATIO = 1032

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Decompresses a gzip file, allocating exactly the declared size (Python: `gzip.decompress`).
 * @param name the name in messages.
 * @throws DatasetError when it is truncated or damaged, by its checksum.
 */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  const start = headerEnd(bytes)
  const end = bytes.length - TRAILER_BYTES
  if (start === undefined) throw new DatasetError(name, 'is not a gzip file')
  if (start > end) throw new DatasetError(name, 'is a truncated gzip file')
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, TRAILER_BYTES)
  const size = trailer.getUint32(4, true)
  // The size is at the file's end, so a truncated file may declare anything.
  if (size > MAX_RATIO * (end - start)) throw damaged(name)
  const inflated = inflate(bytes.subarray(start, end), size, name)
  if (crc32(inflated) !== trailer.getUint32(0, true)) throw damaged(name)
  return inflated
}

function inflate(deflated: Uint8Array, size: number, name: string): Uint8Array {
  const bytes = allocate(size, name)
  try {
    inflateInto(bytes, deflated)
  } catch (cause) {
    throw cause instanceof InflateError ? damaged(name, { cause }) : cause
  }
  return bytes
}

/** Offset of the compressed bytes, possibly beyond the end; undefined without a gzip header. */
function headerEnd(bytes: Uint8Array): number | undefined {
  const flags = bytes[3]
  if (!isGzip(bytes) || bytes[2] !== DEFLATE || (flags & FLAGS.reserved) !== 0) return undefined
  let at = HEADER_BYTES
  if (flags & FLAGS.extra) at += 2 + (bytes[at] | (bytes[at + 1] << 8))
  for (const text of [FLAGS.name, FLAGS.comment]) if (flags & text) at = afterZero(bytes, at)
  return flags & FLAGS.headerCrc ? at + 2 : at
}

function afterZero(bytes: Uint8Array, from: number): number {
  const zero = bytes.indexOf(0, from)
  return zero < 0 ? bytes.length : zero + 1
}

function allocate(size: number, name: string): Uint8Array {
  try {
    return new Uint8Array(size)
  } catch (cause) {
    throw new DatasetError(name, `needs ${size} bytes of memory in one block, which cannot be allocated`, {
      cause
    })
  }
}

function damaged(name: string, options?: ErrorOptions): DatasetError {
  return new DatasetError(name, 'is a truncated or damaged gzip file', options)
}
