// What of a PNG Pillow 9.4 reads, by its rules, which forgive and refuse other damage than other decoders: checksums count up to
// the first image data only, any known chunk must be whole, and nothing after the image data is missed.
// Source: PngImagePlugin.py (`_open`, `load_read`, `load_end`) and PNG Specification, third edition, §11.
import { counted } from '../../base/figures.js'
import { Fault } from '../../base/errors.js'
import { crc32 } from '#platform'

const SIGNATURE_BYTES = 8
const FIELDS_BYTES = 8
const CHECKSUM_BYTES = 4
// How much Pillow reads at once.
const READ_BYTES = 65536
// The fewest bytes that Pillow takes apart.
const FEWEST: Readonly<Record<string, number>> = { IHDR: 13, gAMA: 4, sRGB: 1, pHYs: 9, acTL: 8, fcTL: 26 }
const FEWEST_TRANSPARENT: Readonly<Record<number, number>> = { 0: 2, 2: 6 }

export const INDEXED = 3

/** Depths of each colour type, and its samples a pixel. */
const KINDS: Readonly<Record<number, { readonly depths: readonly number[]; readonly samples: number }>> = {
  0: { depths: [1, 2, 4, 8, 16], samples: 1 },
  2: { depths: [8, 16], samples: 3 },
  [INDEXED]: { depths: [1, 2, 4, 8], samples: 1 },
  4: { depths: [8, 16], samples: 2 },
  6: { depths: [8, 16], samples: 4 }
}

export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colorType: number
  readonly interlaced: boolean
  readonly bitsPerPixel: number
}

export interface PngParts {
  readonly header: PngHeader
  /** The colours of an indexed image. */
  readonly palette: Uint8Array
  /** Offset of the first chunk of image data. */
  readonly dataAt: number
}

interface Chunk {
  readonly type: string
  readonly start: number
  readonly size: number
}

/** The parts before the image data. @throws Fault where Pillow refuses them. */
export function pngParts(bytes: Uint8Array): PngParts {
  let header: PngHeader | undefined
  let palette = new Uint8Array(0)
  for (let at = SIGNATURE_BYTES; ;) {
    const chunk = chunkAt(bytes, at)
    if (!chunk) throw new Fault('is truncated')
    const { type, start, size } = chunk
    if (!isName(type)) throw new Fault('is corrupt: a chunk has no name')
    if (type === 'IDAT' && header) return { header, palette, dataAt: at }
    if (type === 'IDAT' || type === 'IEND')
      throw new Fault(`is corrupt: ${header ? 'it has no image data' : 'it has no header'}`)
    const content = contentOf(bytes, chunk, header)
    if (start + size + CHECKSUM_BYTES > bytes.length) throw new Fault('is truncated')
    if (!isIntact(bytes, chunk)) {
      throw new Fault(`is corrupt: the checksum of its chunk ${type} is wrong`)
    }
    if (type === 'IHDR') header = headerOf(content)
    if (type === 'PLTE') palette = content.slice()
    at = start + size + CHECKSUM_BYTES
  }
}

/** Whether the checksums of the image data are right. Pillow ignores them, and so do browsers, which show what they can. */
export function isDataIntact(bytes: Uint8Array, dataAt: number): boolean {
  for (let at = dataAt; ;) {
    const chunk = chunkAt(bytes, at)
    if (chunk?.type !== 'IDAT') return true
    if (!isIntact(bytes, chunk)) return false
    at = chunk.start + chunk.size + CHECKSUM_BYTES
  }
}

/** The pieces in which the image data are read, up to the first chunk of another kind. */
export function* pngDataReads(
  bytes: Uint8Array,
  dataAt: number
): Generator<{ start: number; end: number; next: number }> {
  for (let at = dataAt; ;) {
    const chunk = chunkAt(bytes, at)
    if (!chunk || (chunk.type !== 'IDAT' && chunk.type !== 'DDAT')) return
    const next = chunk.start + chunk.size
    const last = Math.min(bytes.length, next)
    for (let start = chunk.start; start < last; start += READ_BYTES) {
      yield { start, end: Math.min(last, start + READ_BYTES), next }
    }
    at = next + CHECKSUM_BYTES
  }
}

/** @throws Fault where Pillow refuses a chunk at `at` or after it. */
export function checkAfterData(bytes: Uint8Array, at: number, header: PngHeader): void {
  for (let from = at; ;) {
    const chunk = chunkAt(bytes, from)
    if (!chunk || !isName(chunk.type) || chunk.type === 'IEND') return
    contentOf(bytes, chunk, header)
    from = chunk.start + chunk.size + CHECKSUM_BYTES
  }
}

/** Whether only chunks that a decoder of pixels needs are in the file, in their order, up to its end. */
export function isPlain(bytes: Uint8Array): boolean {
  let order = ''
  for (let at = SIGNATURE_BYTES; at < bytes.length;) {
    const chunk = chunkAt(bytes, at)
    if (!chunk) return false
    const { type, start, size } = chunk
    if (!(type in PLAIN)) return false
    if (type !== 'IDAT' || !order.endsWith(PLAIN.IDAT)) order += PLAIN[type as keyof typeof PLAIN]
    at = start + size + CHECKSUM_BYTES
  }
  return order === 'hde' || order === 'hpde'
}

const PLAIN = { IHDR: 'h', PLTE: 'p', IDAT: 'd', IEND: 'e' }

function chunkAt(bytes: Uint8Array, at: number): Chunk | undefined {
  if (at + FIELDS_BYTES > bytes.length) return undefined
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + FIELDS_BYTES))
  return { type, start: at + FIELDS_BYTES, size: viewOf(bytes).getUint32(at) }
}

function isIntact(bytes: Uint8Array, { start, size }: Chunk): boolean {
  const end = start + size
  return (
    end + CHECKSUM_BYTES <= bytes.length &&
    crc32(bytes.subarray(start - 4, end)) === viewOf(bytes).getUint32(end)
  )
}

function isName(type: string): boolean {
  return /^\w{4}$/.test(type)
}

function contentOf(bytes: Uint8Array, { type, start, size }: Chunk, header?: PngHeader): Uint8Array {
  if (start + size > bytes.length) throw new Fault('is truncated')
  const content = bytes.subarray(start, start + size)
  const fewest = type === 'tRNS' ? FEWEST_TRANSPARENT[header?.colorType ?? INDEXED] : FEWEST[type]
  const isOdd = type === 'cHRM' && size % 4 !== 0
  if (isOdd || (fewest !== undefined && size < fewest))
    throw new Fault(`is corrupt: its chunk ${type} has ${counted(size, 'byte', 'bytes')}`)
  if (type === 'iCCP' || type === 'zTXt') {
    const method = content[content.indexOf(0) + 1]
    if (content.includes(0) && method !== 0)
      throw new Fault(`is corrupt: its chunk ${type} is compressed by an unknown method`)
  }
  return content
}

function headerOf(content: Uint8Array): PngHeader {
  const [depth, colorType, , filters, interlacing] = content.subarray(8)
  const kind = KINDS[colorType] as (typeof KINDS)[number] | undefined
  if (filters !== 0) throw new Fault('is corrupt: its rows are filtered by an unknown method')
  if (!kind?.depths.includes(depth))
    throw new Fault(
      `is corrupt: no PNG of colour type ${colorType} has ${counted(depth, 'bit', 'bits')} a sample`
    )
  const view = viewOf(content)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  return {
    width,
    height,
    depth,
    colorType,
    interlaced: interlacing !== 0,
    bitsPerPixel: depth * kind.samples
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
