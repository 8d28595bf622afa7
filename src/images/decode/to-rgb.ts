// Converts samples to eight-bit RGB by Pillow's rules (`Image.convert('RGB')`): alpha is dropped, not blended; 16-bit grey
// is clipped, not scaled; CMYK is converted without a profile; a GIF's transparent pixels have their index's colour, and the
// uncovered screen that of the transparent index, or of index 0 (decoders leave both black).
import type { DecodedImage } from '#platform'
import type { Picture, Region } from '../picture.js'
import { toRgb } from '../pixels/colour.js'

/** Converts decoded samples; RGB of 8 bits is shared, not copied. */
export function rgbOf({ width, height, channels, layout, data }: DecodedImage): Picture {
  if (layout === 'grey16') {
    return toRgb({
      width,
      height,
      channels: 1,
      data: Uint8Array.from(data, grey => (grey < 255 ? grey : 255))
    })
  }
  const isRgb = channels === 3 && data instanceof Uint8Array
  const rgb = layout === 'cmyk' ? rgbOfInks(data) : isRgb ? data : firstThree(data, channels)
  return { width, height, channels: 3, data: rgb }
}

/** A GIF's first frame; its transparent pixels and the uncovered screen get the background's colour. */
export function rgbOfGif(decoded: DecodedImage, bytes: Uint8Array): Picture {
  const picture = rgbOf(decoded)
  const frame = readGifFrame(bytes)
  if (!frame) return picture
  const [red, green, blue] = frame.background
  const { channels, width, height, data: samples } = decoded
  const rgb = picture.data.slice()
  for (let y = 0, pixel = 0; y < height; y++) {
    const rowCovered = y >= frame.top && y < frame.top + frame.height
    for (let x = 0; x < width; x++, pixel++) {
      const covered = rowCovered && x >= frame.left && x < frame.left + frame.width
      if (covered && (channels < 4 || samples[channels * pixel + 3] > 0)) continue
      rgb[3 * pixel] = red
      rgb[3 * pixel + 1] = green
      rgb[3 * pixel + 2] = blue
    }
  }
  return { width, height, channels: 3, data: rgb }
}

function firstThree(samples: ArrayLike<number>, channels: number): Uint8Array {
  const rgb = new Uint8Array((samples.length / channels) * 3)
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = samples[from]
    rgb[to + 1] = samples[from + 1]
    rgb[to + 2] = samples[from + 2]
  }
  return rgb
}

/** `(255 − k) − round(ink · (255 − k) / 255)`, in Pillow's integer arithmetic. */
function rgbOfInks(inks: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const white = 255 - inks[from + 3]
    for (let channel = 0; channel < 3; channel++) {
      const product = inks[from + channel] * white + 128
      rgb[to + channel] = white - (((product >> 8) + product) >> 8)
    }
  }
  return rgb
}

interface GifFrame extends Region {
  readonly background: readonly [red: number, green: number, blue: number]
  /** The offset of the byte that describes the frame's table, of the table, and its bytes. */
  readonly flagsAt: number
  readonly table: number
  readonly tableSize: number
}

/** The colours after a GIF's table have the grey of their number, so the table gets all that an index can name. */
export function withWholeTable(bytes: Uint8Array): Uint8Array {
  const frame = readGifFrame(bytes)
  if (!frame || frame.tableSize === WHOLE_TABLE) return bytes
  const { flagsAt, table, tableSize } = frame
  const whole = new Uint8Array(bytes.length + WHOLE_TABLE - tableSize)
  whole.set(bytes.subarray(0, table + tableSize))
  for (let i = tableSize; i < WHOLE_TABLE; i++) whole[table + i] = Math.floor(i / 3)
  whole.set(bytes.subarray(table + tableSize), table + WHOLE_TABLE)
  whole[flagsAt] |= TABLE_OF_256
  return whole
}

const WHOLE_TABLE = 3 * 256
const TABLE_OF_256 = 0x87

/** Reads the blocks before the first frame's data; undefined without a frame. */
function readGifFrame(bytes: Uint8Array): GifFrame | undefined {
  try {
    return firstFrame(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    // The file ends before its first frame.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function firstFrame(view: DataView): GifFrame {
  const globalTable = tableSize(view.getUint8(10))
  let transparent = 0
  for (let at = 13 + globalTable; ;) {
    const kind = view.getUint8(at)
    if (kind === 0x2c) return frameAt(view, at, globalTable, transparent)
    if (kind === 0x21) {
      const control = view.getUint8(at + 1) === 0xf9 && (view.getUint8(at + 3) & 1) === 1
      if (control) transparent = view.getUint8(at + 6)
      at = afterBlocks(view, at + 2)
    } else {
      at += 1
    }
  }
}

function frameAt(view: DataView, at: number, globalTable: number, transparent: number): GifFrame {
  const localTable = tableSize(view.getUint8(at + 9))
  const isLocal = localTable > 0
  const [flagsAt, table, size] = isLocal ? [at + 9, at + 10, localTable] : [10, 13, globalTable]
  const channel = (index: number): number =>
    3 * transparent < size ? view.getUint8(table + 3 * transparent + index) : transparent
  return {
    left: view.getUint16(at + 1, true),
    top: view.getUint16(at + 3, true),
    width: view.getUint16(at + 5, true),
    height: view.getUint16(at + 7, true),
    background: [channel(0), channel(1), channel(2)],
    flagsAt,
    table,
    tableSize: size
  }
}

function tableSize(flags: number): number {
  return flags & 0x80 ? 6 << (flags & 7) : 0
}

function afterBlocks(view: DataView, at: number): number {
  for (let next = at; ;) {
    const length = view.getUint8(next)
    next += 1 + length
    if (length === 0) return next
  }
}
