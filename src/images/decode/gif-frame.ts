// A GIF's first frame as Pillow shows it: transparent pixels have their index's colour, and the uncovered screen that of
// the transparent index, or of index 0. Decoders leave both black.

/** The first frame's position on the screen, and the background colour. */
export interface GifFrame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** The colour of transparent pixels and of the uncovered screen. */
  readonly background: readonly [red: number, green: number, blue: number]
}

/** Reads the blocks before the first frame's data; undefined without a frame. */
export function readGifFrame(bytes: Uint8Array): GifFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return firstFrame(view)
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
  const left = view.getUint16(at + 1, true)
  const top = view.getUint16(at + 3, true)
  const localTable = tableSize(view.getUint8(at + 9))
  const [table, size] = localTable > 0 ? [at + 10, localTable] : [13, globalTable]
  // Without a table, indices are grey levels; beyond a table, black.
  const channel = (index: number): number => {
    if (size === 0) return transparent
    return 3 * transparent < size ? view.getUint8(table + 3 * transparent + index) : 0
  }
  return {
    left,
    top,
    right: left + view.getUint16(at + 5, true),
    bottom: top + view.getUint16(at + 7, true),
    background: [channel(0), channel(1), channel(2)]
  }
}

/** Bytes of a colour table, from its flags. */
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
