// A PNG of nothing but its pixels: with a colour for every index that its samples can have, as the grey of its number where
// the palette has none; without texts, profiles and times, which cost decoders time. Pillow reads some damaged image data;
// `mendedPng` writes them as every decoder reads them.
// Source: Pillow 9.4, `ImagingPaletteNew` in Palette.c, which `putpalette` fills from its start, and ZipDecode.c.
import { joinBytes } from '../../base/bytes.js'
import { Fault } from '../../base/errors.js'
import { crc32 } from '#platform'
import { inflateRows } from './inflate-rows.js'
import {
  checkAfterData,
  INDEXED,
  isDataIntact,
  isPlain,
  pngDataReads,
  pngParts,
  type PngHeader,
  type PngParts
} from './png-parts.js'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const LAST_FILTER = 4
const MAX_PALETTE = 3 * 256
const MAX_STORED = 0xffff
const TRUNCATED = 'is truncated'
// Adam7: the first column and row of each pass, and the steps to the next ones.
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
] as const

/** The PNG without what is not its pixels. @throws Fault where Pillow refuses it. */
export function soundPng(bytes: Uint8Array): Uint8Array {
  const parts = pngParts(bytes)
  const { header, palette, dataAt } = parts
  if (!isDataIntact(bytes, dataAt)) return mendedPng(bytes)
  const reads = [...pngDataReads(bytes, dataAt)]
  const after = reads.at(-1)?.next
  if (after !== undefined) checkAfterData(bytes, after + 4, header)
  const isWhole = header.colorType !== INDEXED || palette.length === 3 * 2 ** header.depth
  if (isWhole && isPlain(bytes)) return bytes
  return pngOf(parts, joinBytes(reads.map(({ start, end }) => bytes.subarray(start, end))))
}

/** The PNG with what Pillow reads of its damaged image data. @throws Fault where Pillow refuses it. */
export function mendedPng(bytes: Uint8Array): Uint8Array {
  const parts = pngParts(bytes)
  const { header, dataAt } = parts
  const reads = [...pngDataReads(bytes, dataAt)]
  const input = joinBytes(reads.map(({ start, end }) => bytes.subarray(start, end)))
  const ends: number[] = []
  for (const { start, end } of reads) ends.push((ends.at(-1) ?? 0) + end - start)
  const rows = [...rowLengths(header)]
  const size = rows.reduce((sum, row) => sum + row, 0)
  const { data, ended, consumed } = inflateRows(input, ends, size)
  checkFilters(rows, data)
  if (data.length < size && !(ended && isRowEnd(rows, data.length))) throw new Fault(TRUNCATED)
  const last = reads[ends.findIndex(end => end >= consumed)]
  checkAfterData(bytes, last.next + 4, header)
  const whole = new Uint8Array(size)
  whole.set(data)
  return pngOf(parts, stored(whole))
}

function* rowLengths({ width, height, bitsPerPixel, interlaced }: PngHeader): Generator<number> {
  const length = (pixels: number): number => 1 + Math.ceil((pixels * bitsPerPixel) / 8)
  if (!interlaced) {
    for (let y = 0; y < height; y++) yield length(width)
    return
  }
  for (const [left, top, across, down] of PASSES) {
    const columns = Math.ceil((width - left) / across)
    if (columns <= 0) continue
    for (let y = top; y < height; y += down) yield length(columns)
  }
}

function isRowEnd(rows: readonly number[], at: number): boolean {
  let sum = 0
  for (const row of rows) {
    sum += row
    if (sum >= at) return at > 0 && sum === at
  }
  return false
}

function checkFilters(rows: readonly number[], data: Uint8Array): void {
  let at = 0
  for (const row of rows) {
    if (at + row > data.length) return
    if (data[at] > LAST_FILTER) throw new Fault('is corrupt: a row is filtered by an unknown method')
    at += row
  }
}

function pngOf({ header, palette }: PngParts, data: Uint8Array): Uint8Array {
  const { width, height, depth, colorType, interlaced } = header
  const fields = new Uint8Array(13)
  const view = new DataView(fields.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  fields.set([depth, colorType, 0, 0, interlaced ? 1 : 0], 8)
  const colours = colorType === INDEXED ? [chunkOf('PLTE', wholePalette(palette, depth))] : []
  return joinBytes([
    Uint8Array.from(SIGNATURE),
    chunkOf('IHDR', fields),
    ...colours,
    chunkOf('IDAT', data),
    chunkOf('IEND', new Uint8Array(0))
  ])
}

function wholePalette(palette: Uint8Array, depth: number): Uint8Array {
  if (palette.length > MAX_PALETTE) throw new Fault(`is corrupt: its palette has ${palette.length} bytes`)
  const whole = Uint8Array.from({ length: 3 * 2 ** depth }, (_, i) => Math.floor(i / 3))
  whole.set(palette.subarray(0, Math.min(whole.length, palette.length - (palette.length % 3))))
  return whole
}

/** As zlib holds data that it does not compress. */
function stored(data: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let at = 0; at === 0 || at < data.length; at += MAX_STORED) {
    const piece = data.subarray(at, at + MAX_STORED)
    const header = new DataView(new ArrayBuffer(5))
    header.setUint8(0, at + MAX_STORED >= data.length ? 1 : 0)
    header.setUint16(1, piece.length, true)
    header.setUint16(3, ~piece.length, true)
    pieces.push(new Uint8Array(header.buffer), piece)
  }
  const sum = new DataView(new ArrayBuffer(4))
  sum.setUint32(0, adler32(data))
  return joinBytes([...pieces, new Uint8Array(sum.buffer)])
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return b * 65536 + a
}

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(content.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, content.length)
  chunk.set(
    Uint8Array.from(type, letter => letter.charCodeAt(0)),
    4
  )
  chunk.set(content, 8)
  view.setUint32(8 + content.length, crc32(chunk.subarray(4, 8 + content.length)))
  return chunk
}
