// What decoders of JPEG pass over in silence: they stop when they have all pixels, where Pillow reads on to the end; and where
// scans of a progressive file are missing, each guesses the details in a way of its own.
// Source: ITU T.81, annex B and §G.1.1; libjpeg's jdmarker.c (`read_markers`) and jdcoefct.c (`smoothing_ok`).
import { Fault } from '../../base/errors.js'

const [START, END, SCAN] = [0xd8, 0xd9, 0xda]
const PROGRESSIVE = [0xc2, 0xc6, 0xca, 0xce]
const SPLICED = 'is corrupt: something else begins before its end'
// Ten are usual; each needs at least 12 bytes.
const MAX_SCANS = 200
/** How many of a block's frequencies, after the mean, decoders guess. */
const GUESSED = 9

/** @throws Fault where something else begins before the end, a progressive file ends before its details, or scans are too many. */
export function checkJpegScans(bytes: Uint8Array): void {
  /** For each component of a progressive image the bits that are missing from each frequency. */
  const missing = new Map<number, Float64Array>()
  let hasFrame = false
  let scans = 0
  for (const { type, start, end } of segments(bytes)) {
    if (type === END) {
      checkDetails(missing)
      return
    }
    if (type === START || isUnknown(type)) throw new Fault(SPLICED)
    const content = bytes.subarray(start, end)
    if (isFrame(type)) {
      if (hasFrame) throw new Fault(SPLICED)
      hasFrame = true
    }
    if (PROGRESSIVE.includes(type)) {
      for (let at = 6; at + 2 < content.length; at += 3) {
        missing.set(content[at], new Float64Array(64).fill(Infinity))
      }
    } else if (type === SCAN) {
      // A scan of a few bytes makes a decoder go over all pixels.
      if (++scans > MAX_SCANS) throw new Fault(`has more than ${MAX_SCANS} scans, as no real picture has`)
      takeScan(content, missing)
    }
  }
}

function checkDetails(missing: ReadonlyMap<number, Float64Array>): void {
  for (const bits of missing.values()) {
    if (bits.subarray(1, 1 + GUESSED).some(count => count > 0)) {
      throw new Fault(
        'is truncated: scans of this progressive JPEG are missing, so that its details could only be guessed'
      )
    }
  }
}

function takeScan(content: Uint8Array, missing: ReadonlyMap<number, Float64Array>): void {
  const count = content[0]
  const [first, last, approximation] = content.subarray(1 + 2 * count)
  for (let i = 0; i < count; i++) {
    missing.get(content[1 + 2 * i])?.fill(approximation & 15, first, last + 1)
  }
}

/** Markers after the start of the image with their contents; coded data, padding and stray bytes are passed over. */
function* segments(bytes: Uint8Array): Generator<{ type: number; start: number; end: number }> {
  for (let at = 2; (at = bytes.indexOf(0xff, at)) !== -1 && at + 1 < bytes.length;) {
    const type = bytes[at + 1]
    if (type === 0xff) {
      at += 1
    } else if (type === 0 || type === 1 || (type >= 0xd0 && type <= 0xd7)) {
      at += 2
    } else if (type === START || type === END || isUnknown(type)) {
      yield { type, start: at + 2, end: at + 2 }
      at += 2
    } else {
      const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3]
      if (!(end <= bytes.length) && !isFrame(type)) return
      yield { type, start: at + 4, end }
      at = end
    }
  }
}

/** What libjpeg takes for no marker. */
function isUnknown(type: number): boolean {
  return type < 0xc0 || type === 0xde || type === 0xdf || (type >= 0xf0 && type < 0xfe)
}

function isFrame(type: number): boolean {
  return type >= 0xc0 && type <= 0xcf && type !== 0xc4 && type !== 0xcc
}
