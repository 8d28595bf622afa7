// Reads EXIF's orientation and resets it in the file, because browsers apply it for some formats and not for others.
// Source: Exif 2.32, §4.6.4 A, and TIFF 6.0, §2.
import { crc32 } from '#platform'
import { jpegSegments, pngChunks, webpChunks, type FilePart } from './file-parts.js'
import type { ImageHeader } from './image-header.js'
import type { Orientation } from '../pixels/affine.js'

const UPRIGHT = 1
// The containers of EXIF: an APP1 segment, and the chunks "eXIf" and "EXIF".
const HOLDERS = {
  jpeg: { parts: jpegSegments, exif: 0xe1 },
  png: { parts: pngChunks, exif: 0x65584966 },
  webp: { parts: webpChunks, exif: 0x45584946 }
}
// The prefix of the TIFF structure in JPEG, and in some WebP files: "Exif\0\0".
const PREFIX = [0x45, 0x78, 0x69, 0x66, 0, 0]
const LITTLE_ENDIAN = 0x4949
const TIFF_MAGIC = 42
const ENTRY_BYTES = 12
const ORIENTATION_TAG = 0x0112
const TYPE_SHORT = 3

/** Resets the orientation and returns the original one. The bytes are copied only if changed. */
export function takeOrientation(
  format: ImageHeader['format'],
  bytes: Uint8Array
): { readonly orientation: Orientation; readonly bytes: Uint8Array } {
  const found = placesOf(format, bytes)
  const [first] = found
  if (first === undefined) return { orientation: UPRIGHT, bytes }
  const upright = bytes.slice()
  const view = new DataView(upright.buffer)
  for (const { at, little, start, end } of found) {
    view.setUint16(at, UPRIGHT, little)
    // A PNG chunk's checksum covers its type and contents.
    if (format === 'png') view.setUint32(end, crc32(upright.subarray(start - 4, end)))
  }
  return { orientation: first.orientation, bytes: upright }
}

/** The position of the orientation in a part of a file. */
interface Place extends Pick<FilePart, 'start' | 'end'> {
  readonly orientation: Orientation
  /** Offset of its two bytes. */
  readonly at: number
  readonly little: boolean
}

/** The positions of orientations other than 1. */
function placesOf(format: ImageHeader['format'], bytes: Uint8Array): Place[] {
  const places: Place[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (format === 'gif') return places
  const { parts, exif } = HOLDERS[format]
  try {
    for (const { type, start, end } of parts(view)) {
      if (type !== exif) continue
      const isPrefixed = PREFIX.every((byte, i) => bytes[start + i] === byte)
      if (format === 'jpeg' && !isPrefixed) continue
      const tiff = isPrefixed ? start + PREFIX.length : start
      // A view of its own, so that offsets in the EXIF cannot point outside it.
      const found = orientationIn(new DataView(bytes.buffer, bytes.byteOffset + tiff, end - tiff))
      if (found) places.push({ ...found, at: tiff + found.at, start, end })
    }
  } catch (error) {
    // The EXIF is truncated and can be ignored, or the file is, which its decoder reports.
    if (!(error instanceof RangeError)) throw error
  }
  return places
}

/** The orientation of a TIFF structure's first image, unless it is 1 or invalid. */
function orientationIn(view: DataView): Omit<Place, 'start' | 'end'> | undefined {
  const little = view.getUint16(0) === LITTLE_ENDIAN
  if (view.getUint16(2, little) !== TIFF_MAGIC) return undefined
  const directory = view.getUint32(4, little)
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * ENTRY_BYTES
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue
    const at = entry + 8
    const value = view.getUint16(at, little)
    return view.getUint16(entry + 2, little) === TYPE_SHORT && isTurned(value)
      ? { orientation: value, at, little }
      : undefined
  }
  return undefined
}

function isTurned(value: number): value is Orientation {
  return value > UPRIGHT && value <= 8
}
