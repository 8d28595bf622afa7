// The CRC of zip entries by what Node carries, fifteen times as fast as the browser's.
import { crc32 as checksum } from 'node:zlib'

// zlib counts bytes in 32 bits, and would take 4 GiB for nothing.
const MAX_BYTES = 2 ** 30

export function crc32(bytes: Uint8Array): number {
  let crc = 0
  for (let at = 0; at < bytes.length; at += MAX_BYTES) crc = checksum(bytes.subarray(at, at + MAX_BYTES), crc)
  return crc
}
