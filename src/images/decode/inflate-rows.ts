// Inflates the rows of a damaged PNG as far as zlib does when Pillow asks it for one row after the other: what follows the last
// row counts only if it was read together with that row's end.
// Source: RFC 1950 and 1951; Pillow 9.4, ZipDecode.c; zlib's inflate.c and inftrees.c for what is refused.
import { Fault } from '../../base/errors.js'

/** The end of the input. */
class Exhausted extends Error {}

const broken = (): Fault => new Fault('is corrupt: its image data are damaged')

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577
]
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
]
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const MAX_BITS = 15
const END_OF_BLOCK = 256

/** A canonical Huffman code: how many codes have each length, and the symbols in their order. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

export interface InflatedRows {
  readonly data: Uint8Array
  /** Whether the compressed data ended as they should, read together with the last byte. */
  readonly ended: boolean
  /** How much of the input the bytes needed. */
  readonly consumed: number
}

/**
 * Inflates `size` bytes, or as many as there are.
 * @param reads where the pieces end in which the input is read
 * @throws Fault for data that zlib refuses before it would give a byte after the last one
 */
export function inflateRows(input: Uint8Array, reads: readonly number[], size: number): InflatedRows {
  const stream = new Stream(input, reads, size)
  try {
    stream.run()
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error
  }
  return { data: stream.out.subarray(0, stream.filled), ended: stream.ended, consumed: stream.lastAt }
}

class Stream {
  out = new Uint8Array(4096)
  filled = 0
  ended = false
  private at = 0
  lastAt = 0
  private bits = 0
  private bitCount = 0
  private limit: number
  // Adler-32, of all that was given.
  private a = 1
  private b = 0

  constructor(
    private readonly input: Uint8Array,
    private readonly reads: readonly number[],
    private readonly size: number
  ) {
    this.limit = input.length
  }

  run(): void {
    const [method, flags] = [this.take(8), this.take(8)]
    if (((method << 8) | flags) % 31 !== 0 || (method & 15) !== 8 || method >> 4 > 7 || (flags & 0x20) !== 0)
      throw broken()
    let isLast = false
    while (!isLast) {
      isLast = this.take(1) === 1
      const kind = this.take(2)
      if (kind === 0) this.stored()
      else if (kind === 1) this.coded(...fixedCodes())
      else if (kind === 2) this.coded(...this.dynamicCodes())
      else throw broken()
    }
    // Only if the last byte's read holds the checksum too, zlib says that it ended.
    this.limit = Math.min(this.limit, this.readEnd())
    if (this.at > this.limit) throw new Exhausted()
    this.alignToByte()
    const checksum = [0, 0, 0, 0].reduce(sum => sum * 256 + this.take(8), 0)
    if (checksum !== this.b * 65536 + this.a) throw broken()
    this.ended = true
  }

  /** The end of the piece of input that gave the last byte. */
  private readEnd(): number {
    return this.reads.find(end => end >= this.lastAt) ?? this.input.length
  }

  private put(byte: number): void {
    if (this.filled === this.size) throw new Exhausted()
    if (this.filled === this.out.length) {
      const larger = new Uint8Array(Math.min(this.size, 2 * this.filled))
      larger.set(this.out)
      this.out = larger
    }
    this.out[this.filled++] = byte
    this.lastAt = this.at
    this.a = (this.a + byte) % 65521
    this.b = (this.b + this.a) % 65521
    if (this.filled === this.size) this.limit = this.readEnd()
  }

  private take(count: number): number {
    while (this.bitCount < count) {
      if (this.at >= this.limit) throw new Exhausted()
      this.bits |= this.input[this.at++] << this.bitCount
      this.bitCount += 8
    }
    const value = this.bits & ((1 << count) - 1)
    this.bits >>>= count
    this.bitCount -= count
    return value
  }

  private alignToByte(): void {
    this.take(this.bitCount & 7)
  }

  private stored(): void {
    this.alignToByte()
    const [length, complement] = [this.take(16), this.take(16)]
    if (length !== (~complement & 0xffff)) throw broken()
    for (let i = 0; i < length; i++) {
      if (this.filled === this.size) throw new Exhausted()
      this.put(this.take(8))
    }
  }

  private coded(lengths: Code, distances: Code): void {
    for (;;) {
      const symbol = this.decode(lengths)
      if (symbol === END_OF_BLOCK) return
      if (symbol < END_OF_BLOCK) {
        this.put(symbol)
        continue
      }
      const index = symbol - END_OF_BLOCK - 1
      if (index >= LENGTH_BASE.length) throw broken()
      const length = LENGTH_BASE[index] + this.take(LENGTH_BITS[index])
      const code = this.decode(distances)
      if (code >= DISTANCE_BASE.length) throw broken()
      const distance = DISTANCE_BASE[code] + this.take(DISTANCE_BITS[code])
      // Where it leads is seen once there is a byte to give.
      if (this.filled === this.size) throw new Exhausted()
      if (distance > this.filled) throw broken()
      for (let i = 0; i < length; i++) this.put(this.out[this.filled - distance])
    }
  }

  private decode({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0]
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= this.take(1)
      const count = counts[length]
      if (code - count < first) return symbols[index + code - first]
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw broken()
  }

  private dynamicCodes(): [lengths: Code, distances: Code] {
    const [lengthCount, distanceCount, codeCount] = [this.take(5) + 257, this.take(5) + 1, this.take(4) + 4]
    if (lengthCount > 286 || distanceCount > 30) throw broken()
    const order = new Uint8Array(ORDER.length)
    for (let i = 0; i < codeCount; i++) order[ORDER[i]] = this.take(3)
    const code = codeOf(order, false)
    const all = new Uint8Array(lengthCount + distanceCount)
    for (let i = 0; i < all.length;) {
      const symbol = this.decode(code)
      if (symbol < 16) {
        all[i++] = symbol
        continue
      }
      if (symbol === 16 && i === 0) throw broken()
      const value = symbol === 16 ? all[i - 1] : 0
      const count = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7)
      if (i + count > all.length) throw broken()
      all.fill(value, i, i + count)
      i += count
    }
    if (all[END_OF_BLOCK] === 0) throw broken()
    return [codeOf(all.subarray(0, lengthCount), true), codeOf(all.subarray(lengthCount), true)]
  }
}

/** @param mayBeSingle whether one code of one bit may stand alone, as it may but for the code of the lengths */
function codeOf(lengths: Uint8Array, mayBeSingle: boolean): Code {
  const counts = new Uint16Array(MAX_BITS + 1)
  for (const length of lengths) counts[length]++
  let left = 1
  for (let length = 1; length <= MAX_BITS; length++) {
    left = 2 * left - counts[length]
    if (left < 0) throw broken()
  }
  const used = lengths.length - counts[0]
  const isSingle = mayBeSingle && used === counts[1]
  if (left > 0 && used > 0 && !isSingle) throw broken()
  if (used === 0 && !mayBeSingle) throw broken()
  const offsets = new Uint16Array(MAX_BITS + 2)
  for (let length = 1; length <= MAX_BITS; length++) offsets[length + 1] = offsets[length] + counts[length]
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[offsets[length]++] = symbol
  })
  return { counts, symbols }
}

function fixedCodes(): [lengths: Code, distances: Code] {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280)
  return [codeOf(lengths, true), codeOf(new Uint8Array(32).fill(5), true)]
}
