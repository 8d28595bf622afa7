// Iterates over JPEG segments, and PNG and WebP chunks.
// A part may claim to be longer than the file; reading past the end throws a RangeError.

/** A part of a file; offsets in bytes. */
export interface FilePart {
  /** A JPEG segment's marker, or a chunk's four-letter type, big-endian. */
  readonly type: number
  /** Start of the contents, after type and size. */
  readonly start: number
  /** End of the contents. */
  readonly end: number
}

const SCAN = 0xda
const END = 0xd9
/** Offset of the first PNG chunk. */
const PNG_START = 8
const PNG_CHECKSUM_BYTES = 4
/** Offset of the first WebP chunk. */
const WEBP_START = 12
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

/** Complete PNG chunks. */
export function* pngChunks(view: DataView): Generator<FilePart> {
  for (let at = PNG_START; at + CHUNK_HEADER_BYTES + PNG_CHECKSUM_BYTES <= view.byteLength;) {
    const start = at + CHUNK_HEADER_BYTES
    const end = start + view.getUint32(at)
    if (end + PNG_CHECKSUM_BYTES > view.byteLength) return
    yield { type: view.getUint32(at + 4), start, end }
    at = end + PNG_CHECKSUM_BYTES
  }
}

/** Complete WebP chunks. */
export function* webpChunks(view: DataView): Generator<FilePart> {
  for (let at = WEBP_START; at + CHUNK_HEADER_BYTES <= view.byteLength;) {
    const start = at + CHUNK_HEADER_BYTES
    const end = start + view.getUint32(at + 4, true)
    if (end > view.byteLength) return
    yield { type: view.getUint32(at), start, end }
    // Chunks are aligned to even offsets.
    at = end + (end % 2)
  }
}
