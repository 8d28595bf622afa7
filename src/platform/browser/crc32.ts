// The CRC of zip entries, of PNG chunks and of gzip, eight bytes a step: RFC 1952 §8, and the slicing-by-8 tables of Kounavis and Berry,
// "A Systematic Approach to Building High Performance Software-Based CRC Generators" (2005).
const SLICES = 8

let slices: readonly Int32Array[] | undefined

export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = (slices ??= makeTables())
  let crc = ~0
  let at = 0
  for (const end = bytes.length - (bytes.length % SLICES); at < end; at += SLICES) {
    crc =
      t7[(crc ^ bytes[at]) & 0xff] ^
      t6[((crc >>> 8) ^ bytes[at + 1]) & 0xff] ^
      t5[((crc >>> 16) ^ bytes[at + 2]) & 0xff] ^
      t4[(crc >>> 24) ^ bytes[at + 3]] ^
      t3[bytes[at + 4]] ^
      t2[bytes[at + 5]] ^
      t1[bytes[at + 6]] ^
      t0[bytes[at + 7]]
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff]
  return ~crc >>> 0
}

/** Table `k` advances a byte by `k` further bytes of zeros. */
function makeTables(): Int32Array[] {
  const tables = [Int32Array.from({ length: 256 }, (_, byte) => divide(byte))]
  for (let k = 1; k < SLICES; k++) {
    const before = tables[k - 1]
    tables.push(before.map(crc => (crc >>> 8) ^ tables[0][crc & 0xff]))
  }
  return tables
}

function divide(byte: number): number {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
}
