// Pillow's colours of indices that no palette names: the grey of their number. Decoders leave them black or refuse them, so the
// file gets a palette of every index its samples can have.
// Source: Pillow 9.4, `ImagingPaletteNew` in Palette.c, which `putpalette` fills from its start.
import { crc32 } from '#platform'
import { pngChunks } from './file-parts.js'

const [SIGNATURE_AND_HEADER, DEPTH, COLOUR_TYPE, INDEXED] = [33, 24, 25, 3]
const PALETTE = 0x504c5445
const IMAGE_DATA = 0x49444154
const CHUNK_BYTES = 12

/** A PNG whose palette names every index; the bytes themselves if it has one, or none is needed. */
export function withWholePalette(bytes: Uint8Array): Uint8Array {
  const depth = bytes[DEPTH]
  if (bytes[COLOUR_TYPE] !== INDEXED || ![1, 2, 4, 8].includes(depth)) return bytes
  const size = 3 * 2 ** depth
  const old = paletteOf(bytes)
  if (!old || old.end - old.start >= size) return bytes
  const known = bytes.subarray(old.start, old.end - ((old.end - old.start) % 3))
  const greys = Uint8Array.from({ length: size }, (_, i) => Math.floor(i / 3))
  greys.set(known)
  const chunk = new Uint8Array(size + CHUNK_BYTES)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, size)
  view.setUint32(4, PALETTE)
  chunk.set(greys, 8)
  view.setUint32(8 + size, crc32(chunk.subarray(4, 8 + size)))
  const [before, after] = [bytes.subarray(0, old.from), bytes.subarray(old.to)]
  const whole = new Uint8Array(before.length + chunk.length + after.length)
  whole.set(before)
  whole.set(chunk, before.length)
  whole.set(after, before.length + chunk.length)
  return whole
}

/** The colours' place, and the place of what the whole palette takes the place of; undefined if there is no image. */
function paletteOf(bytes: Uint8Array): Readonly<Record<'start' | 'end' | 'from' | 'to', number>> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const { type, start, end } of pngChunks(view)) {
    if (type === PALETTE) {
      // A damaged palette is left to the decoder, which refuses it as Pillow does.
      const isWhole = crc32(bytes.subarray(start - 4, end)) === view.getUint32(end)
      return isWhole ? { start, end, from: start - 8, to: end + 4 } : undefined
    }
    if (type === IMAGE_DATA) break
  }
  const at = SIGNATURE_AND_HEADER
  return { start: at, end: at, from: at, to: at }
}
