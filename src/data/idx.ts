// IDX, the format of MNIST, also in gzip. Sizes are validated before allocation.
// Source: http://yann.lecun.com/exdb/mnist/, RFC 1952.
import { counted } from '../base/figures.js'
import { Fault, naming } from '../base/errors.js'
import { crc32, fileName, readFile, type FilePath } from '#platform'
import { sizeOf } from '../tensor/tensor.js'
import { DatasetError } from './dataset.js'

/** An IDX file's array, row-major. */
export interface IdxArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

const MAGIC_BYTES = 4
const SIZE_BYTES = 4
const UNSIGNED_BYTES = 8
const TYPES: Readonly<Record<number, string>> = {
  [UNSIGNED_BYTES]: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64'
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped, recognised by content
 * (torchvision: `read_sn3_pascalvincent_tensor`).
 * @throws DatasetError naming a file that is missing, damaged, not IDX, of another type or of a wrong length.
 * @example
 * const { shape } = await readIdx('t10k-images-idx3-ubyte.gz')
 * shape // [10000, 28, 28]
 */
export async function readIdx(path: FilePath): Promise<IdxArray> {
  return naming(fileName(path), DatasetError, async () => {
    const bytes = await readFile(path, { checkHead: head => isGzip(head) || typeIn(head) })
    return parseIdx(isGzip(bytes) ? await gunzip(bytes) : bytes)
  })
}

/** What a file's first bytes say is in it. */
function typeIn(bytes: Uint8Array): {
  readonly type: number
  readonly typeName: string
  readonly dimensions: number
} {
  const [zero, zeroToo, type, dimensions] = bytes
  const typeName = TYPES[type]
  if (bytes.length < MAGIC_BYTES || zero !== 0 || zeroToo !== 0 || typeName === undefined) {
    const isShort = bytes.length < MAGIC_BYTES
    throw new Fault(
      `is not an IDX file${isShort ? `: it has only ${counted(bytes.length, 'byte', 'bytes')}` : ', gzipped or not'}`
    )
  }
  return { type, typeName, dimensions }
}

/** The data is a view of the bytes. */
function parseIdx(bytes: Uint8Array): IdxArray {
  const { type, typeName, dimensions } = typeIn(bytes)
  if (type !== UNSIGNED_BYTES) {
    throw new Fault(`is an IDX file of ${typeName}, where only uint8 is read`)
  }
  const start = MAGIC_BYTES + SIZE_BYTES * dimensions
  if (dimensions === 0) throw new Fault('is an IDX file without dimensions')
  if (bytes.length < start) throw new Fault('is a truncated IDX file: its header is incomplete')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(MAGIC_BYTES + SIZE_BYTES * i))
  if (bytes.length - start !== sizeOf(shape)) {
    throw new Fault(`says it holds ${shape.join(' × ')} bytes, but has ${bytes.length - start}`)
  }
  return { shape, data: bytes.subarray(start) }
}

const HEADER_BYTES = 10
const TRAILER_BYTES = 8
const DEFLATE = 8
const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }
// Deflate's maximum ratio: 258 bytes from two bits.
const MAX_RATIO = 1032
const DAMAGED = 'is a truncated or damaged gzip file'

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Decompresses a gzip file of one member, allocating exactly the declared size (Python: `gzip.decompress`). */
async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const start = headerEnd(bytes)
  const end = bytes.length - TRAILER_BYTES
  if (start > end) throw new Fault('is a truncated gzip file')
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, TRAILER_BYTES)
  const size = trailer.getUint32(4, true)
  // The size is at the file's end, so a truncated file may declare anything.
  if (size > MAX_RATIO * (end - start)) throw new Fault(DAMAGED)
  const { inflate, InflateError } = await import('../platform/inflate.js')
  try {
    const inflated = inflate(bytes.subarray(start, end), size)
    if (crc32(inflated) === trailer.getUint32(0, true)) return inflated
  } catch (cause) {
    throw cause instanceof InflateError ? new Fault(DAMAGED, { cause }) : cause
  }
  throw new Fault(DAMAGED)
}

/** Offset of the compressed bytes, possibly beyond the end. */
function headerEnd(bytes: Uint8Array): number {
  const flags = bytes[3]
  if (bytes[2] !== DEFLATE || (flags & FLAGS.reserved) !== 0) throw new Fault('is not a gzip file')
  let at = HEADER_BYTES
  if (flags & FLAGS.extra) at += 2 + (bytes[at] | (bytes[at + 1] << 8))
  for (const text of [FLAGS.name, FLAGS.comment]) if (flags & text) at = afterZero(bytes, at)
  return flags & FLAGS.headerCrc ? at + 2 : at
}

function afterZero(bytes: Uint8Array, from: number): number {
  const zero = bytes.indexOf(0, from)
  return zero < 0 ? bytes.length : zero + 1
}
