// Random access to an open file or to bytes in memory.
import { Fault } from '../base/errors.js'

/** Positional reads, such as the platform's `OpenFile`. */
export interface ByteSource {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Exactly `length` bytes at `offset`. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Reads return views of the bytes. */
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

/** Access to little-endian numbers. */
export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** An unsigned 64-bit integer as a number; inexact from 2⁵³, which exceeds any file's size. */
export function readUint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true))
}
