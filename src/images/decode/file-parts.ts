// Iterates over JPEG segments, and PNG and WebP chunks.
// A part may claim to be longer than the file; reading past the end throws a RangeError.

/** A part of a file; offsets in bytes. */
export interface FilePart {
  /** A JPEG segment's marker, or a chunk's four-letter type, big-endian. */
  readonly type: number
  /** Start of the contents, after type and size. */
  readonly start: number
  readonly end: number
}

const SCAN = 0xda
const END = 0xd9
const CHUNK_HEADER_BYTES = 8

/** JPEG segments with contents, up to and including the first scan header. */
export function* jpegSegments(view: DataView): Generator<FilePart> {
  for (let at = 2; ;) {
    // Padding and stray bytes are allowed between segments.
    if (view.getUint8(at) !== 0xff) {
      at += 1
      continue
    }
    const type = view.getUint8(at + 1)
    if (type === 0xff) {
      at += 1
    } else if (type === 0 || type === 1 || (type >= 0xd0 && type <= 0xd8)) {
      // 0xff00, restart markers and the start marker have no contents.
      at += 2
    } else if (type === END) {
      return
    } else {
      const end = at + 2 + view.getUint16(at + 2)
      yield { type, start: at + 4, end }
      if (type === SCAN) return
      at = end
    }
  }
}

/** Complete PNG chunks: size, type, contents and checksum. */
export function pngChunks(view: DataView): Generator<FilePart> {
  return chunks(view, { signature: 8, type: 4, size: 0, isLittleEndian: false, checksum: 4 })
}

/** Complete WebP chunks: type, size and contents, at even offsets. */
export function webpChunks(view: DataView): Generator<FilePart> {
  return chunks(view, { signature: 12, type: 0, size: 4, isLittleEndian: true, checksum: 0 })
}

/** @param layout bytes before the first chunk, the fields' offsets in a chunk, and bytes after its contents. */
function* chunks(
  view: DataView,
  layout: Readonly<Record<'signature' | 'type' | 'size' | 'checksum', number>> & { isLittleEndian: boolean }
): Generator<FilePart> {
  const { checksum, isLittleEndian } = layout
  for (let at = layout.signature; at + CHUNK_HEADER_BYTES <= view.byteLength;) {
    const start = at + CHUNK_HEADER_BYTES
    const end = start + view.getUint32(at + layout.size, isLittleEndian)
    if (end + checksum > view.byteLength) return
    yield { type: view.getUint32(at + layout.type), start, end }
    at = isLittleEndian ? end + (end % 2) : end + checksum
  }
}
