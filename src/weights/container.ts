// Detects a file's format by its first bytes, not by its name.
import { Fault } from '../base/errors.js'
import { dataView, readUint64, type ByteSource } from './byte-source.js'

/** Supported formats. */
export type Container = 'safetensors' | 'zip' | 'legacy' | 'tar'

const HEAD_BYTES = 512
// Longer headers are implausible; no other format starts with five bytes and three zeros.
const LONG_HEADER = 2 ** 40

// Other files often named `.pth`.
const IMPOSTORS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^version https:\/\/git-lfs/, 'is a Git LFS pointer, not the file itself; run "git lfs pull"'],
  [/^\s*<(!doctype|html|\?xml|head|body)/i, 'is a web page, not weights; the download needs the direct link'],
  [/^\u001f\u008b/, 'is compressed with gzip; decompress it first'],
  [/^BZh|^\u00fd7zXZ|^\u0028\u00b5\u002f\u00fd/, 'is compressed; decompress it first'],
  [/^\u0089HDF/, 'is an HDF5 file (Keras); convert it to safetensors first'],
  [/^\u0093NUMPY/, 'is a NumPy array, not a state dict'],
  [/^\u0089PNG|^\u00ff\u00d8\u00ff/, 'is an image, not weights']
]

/** Detects the format. @throws Fault for another format, naming it if known. */
export async function sniffContainer(source: ByteSource): Promise<Container> {
  if (source.size === 0) throw new Fault('is empty')
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size))
  const text = String.fromCharCode(...head)
  if (text.startsWith('ustar', 257)) return 'tar'
  if (/^PK(\u0003\u0004|\u0005\u0006)/.test(text)) return 'zip'
  // Before pickles, since a header's length may start with any byte.
  if (text[8] === '{' && readUint64(dataView(head), 0) < LONG_HEADER) return 'safetensors'
  // A pickle of protocol 2 or later; or torch's magic number in protocol 1.
  if (text.startsWith('\u0080') || text.startsWith('L1195470371460388')) return 'legacy'
  if (text[8] === '{') return 'safetensors'
  const [, what] = IMPOSTORS.find(([start]) => start.test(text)) ?? []
  throw new Fault(what ?? unknownContent(head))
}

function unknownContent(head: Uint8Array): string {
  const expected = 'expected a .safetensors file or what torch.save writes'
  if (head.length < 9) return `has only ${head.length} bytes; ${expected}`
  const start = Array.from(head.subarray(0, 8), byte => byte.toString(16).padStart(2, '0')).join(' ')
  return `starts with the bytes ${start}; ${expected}`
}
