// Where the readers of the formats get bytes from: an open file, or bytes that are already in memory.
import { Fault } from '../base/errors.js'

/** Bytes that are read by position; `OpenFile` of the platform is one. */
export interface ByteSource {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Exactly `length` bytes at `offset`. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Reads are views of the bytes, not copies. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    name: 'the given bytes',
    size: bytes.byteLength,
    async read(offset, length) {
      if (!(offset + length <= bytes.byteLength)) {
        throw new Fault(`ends at byte ${bytes.byteLength}, but byte ${offset + length} is needed`)
      }
      return bytes.subarray(offset, offset + length)
    }
  }
}

/** Little-endian access to the numbers among some bytes. */
export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** An unsigned 64-bit integer as a number; from 2⁵³ on it is no longer exact, and larger than any file. */
export function readUint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true))
}
