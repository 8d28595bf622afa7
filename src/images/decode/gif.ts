// A GIF's first frame as Pillow reads it, damaged files too: decoders give the pixels of those each in their own way.
// Source: Pillow 9.4, GifImagePlugin.py (`_seek`, `load_prepare`) and GifDecode.c; GIF89a, appendix F.
import { Fault } from '../../base/errors.js'
import type { ImageSize, Picture } from '../picture.js'

const SCREEN_BYTES = 13
const [EXTENSION, FRAME, TRAILER] = [0x21, 0x2c, 0x3b]
const [CONTROL, COMMENT, APPLICATION] = [0xf9, 0xfe, 0xff]
const NETSCAPE = 'NETSCAPE2.0'
const FRAME_BYTES = 9
const [HAS_TABLE, IS_INTERLACED] = [0x80, 0x40]
const MAX_BITS = 12
const TABLE_SIZE = 1 << MAX_BITS
// How much Pillow reads at once; a block must lie in what is read.
const READ_BYTES = 65536
const TRUNCATED = 'is truncated'

/** The first frame, before its pixels are decoded. */
export interface GifFrame {
  /** The screen, which is enlarged if the frame does not fit. */
  readonly size: ImageSize
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly isInterlaced: boolean
  /** Three bytes a colour; those of further indices are the greys of their number. */
  readonly table: Uint8Array
  /** The index around the frame. */
  readonly background: number
  /** The number of bits of a pixel's index, and the offset of the data after it. */
  readonly bits: number
  readonly dataAt: number
}

/** Reads the blocks up to the first frame's pixels. @throws Fault where Pillow refuses them. */
export function readGifFrame(bytes: Uint8Array): GifFrame {
  return new Blocks(bytes).firstFrame()
}

class Blocks {
  private at = SCREEN_BYTES

  constructor(private readonly bytes: Uint8Array) {}

  firstFrame(): GifFrame {
    if (this.bytes.length < SCREEN_BYTES) throw new Fault(TRUNCATED)
    const global = this.table(this.bytes[10])
    let background = 0
    for (;;) {
      const kind = this.byte()
      if (kind === TRAILER) throw new Fault('is corrupt: it has no frame')
      if (kind === EXTENSION) background = this.extension() ?? background
      if (kind === FRAME) return this.frame(global, background)
    }
  }

  private frame(global: Uint8Array, background: number): GifFrame {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    const at = this.at
    this.at += FRAME_BYTES
    if (this.at > this.bytes.length) throw new Fault(TRUNCATED)
    const [left, top, across, down] = [0, 2, 4, 6].map(field => view.getUint16(at + field, true))
    const flags = this.bytes[at + 8]
    const table = flags & HAS_TABLE ? this.table(flags) : global
    const bits = this.byte()
    const size = {
      width: Math.max(view.getUint16(6, true), left + across),
      height: Math.max(view.getUint16(8, true), top + down)
    }
    // A frame of no columns at the left is the whole screen.
    const [width, height] = left + across === 0 ? [size.width, size.height] : [across, down]
    const isInterlaced = (flags & IS_INTERLACED) !== 0
    return { size, left, top, width, height, isInterlaced, table, background, bits, dataAt: this.at }
  }

  /** The transparent index, if the extension names one. */
  private extension(): number | undefined {
    const label = this.byte()
    const block = this.block()
    if (label === COMMENT) {
      if (block) this.skipBlocks()
      return undefined
    }
    if ((label === CONTROL || label === APPLICATION) && !block)
      throw new Fault('is corrupt: an extension is empty')
    if (
      label === APPLICATION &&
      String.fromCharCode(...(block ?? []).slice(0, NETSCAPE.length)) === NETSCAPE
    ) {
      if (!this.block()) throw new Fault('is corrupt: an extension is empty')
    }
    const control = label === CONTROL ? block : undefined
    const isTransparent = control !== undefined && (control[0] & 1) === 1
    if (control && control.length < (isTransparent ? 4 : 3))
      throw new Fault('is corrupt: its control block is short')
    this.skipBlocks()
    return isTransparent ? control[3] : undefined
  }

  private skipBlocks(): void {
    while (this.block());
  }

  private block(): Uint8Array | undefined {
    const length = this.byte()
    if (length === 0) return undefined
    if (this.at + length > this.bytes.length) throw new Fault(TRUNCATED)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  private table(flags: number): Uint8Array {
    const size = flags & HAS_TABLE ? 6 << (flags & 7) : 0
    if (this.at + size > this.bytes.length) throw new Fault(TRUNCATED)
    this.at += size
    return this.bytes.subarray(this.at - size, this.at)
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new Fault(TRUNCATED)
    return this.bytes[this.at++]
  }
}

/** @throws Fault where Pillow refuses the frame's data. */
export function decodeGif(bytes: Uint8Array, frame: GifFrame): Picture {
  const { width, height } = frame.size
  const indices = new Uint8Array(width * height)
  if (frame.background !== 0) indices.fill(frame.background)
  const fits = frame.left + frame.width <= width && frame.top + frame.height <= height
  if (frame.width === 0 || !fits) throw new Fault('is corrupt: its frame has no pixels')
  drawFrame(bytes, frame, indices)
  const colours = Uint8Array.from({ length: 3 * 256 }, (_, i) => Math.floor(i / 3))
  colours.set(frame.table)
  const data = new Uint8Array(3 * indices.length)
  for (let i = 0, to = 0; i < indices.length; i++, to += 3) {
    const colour = 3 * indices[i]
    data[to] = colours[colour]
    data[to + 1] = colours[colour + 1]
    data[to + 2] = colours[colour + 2]
  }
  return { width, height, channels: 3, data }
}

/** The rows of a frame in the order in which they are drawn. */
function* rowsOf({ height, isInterlaced }: GifFrame): Generator<number, void> {
  const passes = isInterlaced
    ? ([
        [0, 8],
        [4, 8],
        [2, 4],
        [1, 2]
      ] as const)
    : ([[0, 1]] as const)
  for (const [first, step] of passes) for (let y = first; y < height; y += step) yield y
}

function drawFrame(bytes: Uint8Array, frame: GifFrame, indices: Uint8Array): void {
  const { size, left, top, width } = frame
  const rows = rowsOf(frame)
  let x = 0
  let at = 0
  /** False after the last row. */
  const nextRow = (): boolean => {
    const row = rows.next()
    x = 0
    if (row.done === true) return false
    at = (top + row.value) * size.width + left
    return true
  }
  if (!nextRow()) throw new Fault(DAMAGED)
  const run = new Uint8Array(TABLE_SIZE + 1)
  for (const length of runsOf(bytes, frame, run)) {
    for (let i = run.length - length; i < run.length; i++) {
      indices[at + x] = run[i]
      if (++x === width && !nextRow()) return
    }
  }
}

const DAMAGED = 'is corrupt: its frame is damaged'

/** Decodes runs of indices into the end of `run`, and yields their lengths. Ends by throwing if it is not stopped. */
function* runsOf(bytes: Uint8Array, { bits, dataAt }: GifFrame, run: Uint8Array): Generator<number> {
  if (bits > MAX_BITS) throw new Fault('is corrupt: its indices have too many bits')
  const [clear, end] = [1 << bits, (1 << bits) + 1]
  const symbols = new Uint8Array(TABLE_SIZE)
  const links = new Uint16Array(TABLE_SIZE)
  const codes = codesOf(bytes, dataAt, end)
  let [next, width, isFirst, last, lastCode] = [clear + 2, bits + 1, true, 0, 0]
  for (;;) {
    const code = codes(width)
    if (code === clear) {
      ;[next, width, isFirst] = [clear + 2, bits + 1, true]
      continue
    }
    let start = run.length
    if (isFirst) {
      if (code > clear) throw new Fault(DAMAGED)
      isFirst = false
      last = lastCode = code
    } else {
      if (code > next) throw new Fault(DAMAGED)
      let walked = code
      if (code === next) {
        run[--start] = last
        walked = lastCode
      }
      while (walked >= clear) {
        if (start === 0 || walked >= TABLE_SIZE) throw new Fault(DAMAGED)
        run[--start] = symbols[walked]
        walked = links[walked]
      }
      last = walked
      if (next < TABLE_SIZE) {
        symbols[next] = last
        links[next] = lastCode
        if (next === (1 << width) - 1 && width < MAX_BITS) width++
        next++
      }
      lastCode = code
    }
    // A run ends in the symbol that it began from.
    if (start === 0) throw new Fault(DAMAGED)
    run[--start] = last
    yield run.length - start
  }
}

/** Reads codes of a number of bits. After the code for the end Pillow goes on with what it has not read yet. */
function codesOf(bytes: Uint8Array, dataAt: number, end: number): (width: number) => number {
  let [at, limit, left, bits, bitCount] = [dataAt, dataAt, 0, 0, 0]
  const readOn = (): void => {
    if (limit >= bytes.length) throw new Fault(TRUNCATED)
    limit = Math.min(bytes.length, limit + READ_BYTES)
  }
  readOn()
  return width => {
    for (;;) {
      while (bitCount < width) {
        if (left > 0) {
          bits |= bytes[at++] << bitCount
          bitCount += 8
          left--
        } else if (at >= limit || at + bytes[at] + 1 > limit) {
          readOn()
        } else {
          left = bytes[at++]
        }
      }
      const code = bits & ((1 << width) - 1)
      bits >>>= width
      bitCount -= width
      if (code !== end) return code
      readOn()
    }
  }
}
