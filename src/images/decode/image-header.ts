// Reads an image's format, size and sample type before anything is decoded or allocated.
import { counted } from '../../base/figures.js'
import { Fault } from '../../base/errors.js'
import type { ImageSize } from '../picture.js'
import { jpegSegments } from './file-parts.js'
import { readGifFrame } from './gif.js'

/** An image's kind, and its size before rotation. */
export interface ImageHeader extends ImageSize {
  readonly format: 'jpeg' | 'png' | 'webp' | 'gif'
  /** Sample types that Pillow converts to RGB by a rule of their own. */
  readonly samples: 'cmyk' | 'grey16' | 'other'
}

const PNG_HEADER = 0x49484452

const IMPOSTORS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, 'is a TIFF image'],
  [/^BM....\0\0\0\0/s, 'is a BMP image'],
  [/^....ftypavi[fs]/s, 'is an AVIF image'],
  [/^....ftyp(hei|hev|mif1|msf1)/s, 'is a HEIC image'],
  [/^(\u00ff\u000a|\0\0\0\u000cJXL )/, 'is a JPEG XL image'],
  [/^(\0\0\0\u000cjP |\u00ff\u004f\u00ff\u0051)/, 'is a JPEG 2000 image'],
  [/^\0\0\u0001\0/, 'is an icon'],
  [/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg/s, 'is an SVG drawing'],
  [/^%PDF/, 'is a PDF document'],
  [/^\s*<(!doctype|html|head|body)/i, 'is a web page, not an image'],
  [/^version https:\/\/git-lfs/, 'is a Git LFS pointer, not the file it stands for']
]

/** @throws Fault when the bytes are not a supported image, or end within the header. */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw new Fault('is empty')
  const header = headerOf(bytes)
  if (header.width === 0 || header.height === 0) throw new Fault('is corrupt: its size is 0')
  return header
}

/** Whether a WebP is shorter than declared; decoders of other formats detect truncation. */
export function isCutShort(format: ImageHeader['format'], bytes: Uint8Array): boolean {
  if (format !== 'webp') return false
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true) + 8 > bytes.length
}

/** What begins as an image that is read. @throws Fault for anything else. */
export function formatOf(head: Uint8Array): ImageHeader['format'] {
  const start = String.fromCharCode(...head.subarray(0, 256))
  if (start.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg'
  if (start.startsWith('\u0089PNG\r\n\u001a\n')) return 'png'
  if (/^RIFF....WEBP/s.test(start)) return 'webp'
  if (/^GIF8[79]a/.test(start)) return 'gif'
  const [, what = 'is not an image'] = IMPOSTORS.find(([pattern]) => pattern.test(start)) ?? []
  throw new Fault(`${what}; JPEG, PNG, WebP and GIF are read`)
}

function headerOf(bytes: Uint8Array): ImageHeader {
  const format = formatOf(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    switch (format) {
      case 'jpeg':
        return jpegHeader(view)
      case 'png':
        return pngHeader(view)
      case 'webp':
        return webpHeader(view)
      case 'gif':
        return { format, ...readGifFrame(bytes).size, samples: 'other' }
    }
  } catch (error) {
    if (error instanceof RangeError) throw new Fault('is truncated')
    throw error
  }
}

/** Searches the frame header: SOF0 … SOF15, without DHT, JPG and DAC. */
function jpegHeader(view: DataView): ImageHeader {
  for (const { type, start } of jpegSegments(view)) {
    if (type >= 0xc0 && type <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(type)) return jpegFrame(view, start)
  }
  throw new Fault('is corrupt: it has no frame header')
}

function jpegFrame(view: DataView, at: number): ImageHeader {
  const bits = view.getUint8(at)
  const channels = view.getUint8(at + 5)
  if (bits !== 8) throw new Fault(`has ${counted(bits, 'bit', 'bits')} a sample; JPEG of 8 bits is read`)
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new Fault(`has ${channels} channels; JPEG of 1, 3 or 4 channels is read`)
  }
  return {
    format: 'jpeg',
    width: view.getUint16(at + 3),
    height: view.getUint16(at + 1),
    samples: channels === 4 ? 'cmyk' : 'other'
  }
}

function pngHeader(view: DataView): ImageHeader {
  if (view.getUint32(12) !== PNG_HEADER) throw new Fault('is corrupt: it does not begin with its header')
  const [depth, colorType] = [view.getUint8(24), view.getUint8(25)]
  return {
    format: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    samples: depth === 16 && colorType === 0 ? 'grey16' : 'other'
  }
}

function webpHeader(view: DataView): ImageHeader {
  const size = (width: number, height: number): ImageHeader => ({
    format: 'webp',
    width,
    height,
    samples: 'other'
  })
  switch (view.getUint32(12)) {
    case 0x56503820: // 'VP8 ': a key frame's header, 14 bits a side
      return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
    case 0x5650384c: {
      // 'VP8L': a signature byte, then width − 1 and height − 1 of 14 bits each
      const bits = view.getUint32(21, true)
      return size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    }
    case 0x56503858: // 'VP8X': the canvas, 24 bits a side, each one less
      return size(uint24(view, 24) + 1, uint24(view, 27) + 1)
    default:
      throw new Fault('is corrupt: it does not begin with a WebP image')
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
}
