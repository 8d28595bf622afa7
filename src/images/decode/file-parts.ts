// The parts that image files are made of, one after the other: segments of a JPEG, chunks of a PNG and of a WebP.
// A part may claim to be longer than the file; reading past the end throws a RangeError.

/** A part of a file; positions are bytes. */
export interface FilePart {
  /** The marker of a JPEG's segment; the four letters of a chunk's type, big-endian. */
  readonly type: number
  /** Where its contents begin, behind type and size. */
  readonly start: number
  /** Where its contents end. */
  readonly end: number
}

// Markers of a JPEG.
const SCAN = 0xda
const END = 0xd9
/** Where the first chunk of a PNG begins. */
const PNG_START = 8
const PNG_CHECKSUM_BYTES = 4
/** Where the first chunk of a WebP begins. */
const WEBP_START = 12
const CHUNK_HEADER_BYTES = 8

/** The segments of a JPEG that have contents, up to the header of the first scan, and with it. */
export function* jpegSegments(view: DataView): Generator<FilePart> {
  for (let at = 2; ;) {
    // Padding and stray bytes may stand between segments.
    if (view.getUint8(at) !== 0xff) {
      at += 1
      continue
    }
    const type = view.getUint8(at + 1)
    if (type === 0xff) {
      at += 1
    } else if (type === 0 || type === 1 || (type >= 0xd0 && type <= 0xd8)) {
      // 0xff00, the restart markers and the start marker stand alone.
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

/** The chunks of a PNG that are there whole. */
export function* pngChunks(view: DataView): Generator<FilePart> {
  for (let at = PNG_START; at + CHUNK_HEADER_BYTES + PNG_CHECKSUM_BYTES <= view.byteLength;) {
    const start = at + CHUNK_HEADER_BYTES
    const end = start + view.getUint32(at)
    if (end + PNG_CHECKSUM_BYTES > view.byteLength) return
    yield { type: view.getUint32(at + 4), start, end }
    at = end + PNG_CHECKSUM_BYTES
  }
}

/** The chunks of a WebP that are there whole. */
export function* webpChunks(view: DataView): Generator<FilePart> {
  for (let at = WEBP_START; at + CHUNK_HEADER_BYTES <= view.byteLength;) {
    const start = at + CHUNK_HEADER_BYTES
    const end = start + view.getUint32(at + 4, true)
    if (end > view.byteLength) return
    yield { type: view.getUint32(at), start, end }
    // Chunks begin at even places.
    at = end + (end % 2)
  }
}
