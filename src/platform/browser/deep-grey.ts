// Grey PNG of 16 bits a sample, which browsers reduce to eight before a page sees them. Its rows are, byte for byte, those of a
// PNG of eight bits with a grey and an alpha channel, filters and interlacing too: so it is decoded as one.
// Source: PNG Specification, third edition, §7.2 and §9.2.
import { crc32 } from './checksums.js'
import type { RgbaPixels } from './bitmaps.js'

const HEADER_TYPE = 12
const DEPTH = 24
const COLOUR_TYPE = 25
const HEADER_END = 29
const GREY_WITH_ALPHA = 4

/** The file with a header that says so. */
export function asGreyWithAlpha(png: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(png)
  file[DEPTH] = 8
  file[COLOUR_TYPE] = GREY_WITH_ALPHA
  new DataView(file.buffer).setUint32(HEADER_END, crc32(file.subarray(HEADER_TYPE, HEADER_END)))
  return file
}

/** The samples again: grey is the high byte and alpha the low one. Shape: (H, W, 4) → (H, W). */
export function deepGrey({ data }: RgbaPixels): Uint16Array {
  const [stride, low] = [4, 3]
  return Uint16Array.from(
    { length: data.length / stride },
    (_, i) => data[stride * i] * 256 + data[stride * i + low]
  )
}
