// IDX, the format of MNIST. Sizes are validated before allocation. Source: http://yann.lecun.com/exdb/mnist/.
import { fileName, type FilePath } from '#platform'
import { sizeOf } from '../tensor/tensor.js'
import { DatasetError } from './dataset.js'
import { gunzip, isGzip } from './gunzip.js'
import { readDataFile } from './read-file.js'

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
  const name = fileName(path)
  const bytes = await readDataFile(path)
  return parseIdx(isGzip(bytes) ? gunzip(bytes, name) : bytes, name)
}

/** Parses the bytes of an IDX file; the data is a view. @throws DatasetError as `readIdx`. */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const [zero, zeroToo, type, dimensions] = bytes
  const typeName = TYPES[type]
  if (bytes.length < MAGIC_BYTES || zero !== 0 || zeroToo !== 0 || typeName === undefined) {
    throw new DatasetError(name, `is not an IDX file: it ${startOf(bytes)}`)
  }
  if (type !== UNSIGNED_BYTES) {
    throw new DatasetError(name, `is an IDX file of ${typeName}, where only uint8 is read`)
  }
  const start = MAGIC_BYTES + SIZE_BYTES * dimensions
  if (dimensions === 0) throw new DatasetError(name, 'is an IDX file without dimensions')
  if (bytes.length < start) throw new DatasetError(name, 'is a truncated IDX file: its header is incomplete')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(MAGIC_BYTES + SIZE_BYTES * i))
  if (bytes.length - start !== sizeOf(shape)) {
    throw new DatasetError(name, `says it holds ${shape.join(' × ')} bytes, but has ${bytes.length - start}`)
  }
  return { shape, data: bytes.subarray(start) }
}

function startOf(bytes: Uint8Array): string {
  if (bytes.length < MAGIC_BYTES) return `has only ${bytes.length} bytes`
  const start = Array.from(bytes.subarray(0, MAGIC_BYTES), byte => byte.toString(16).padStart(2, '0'))
  return `starts with the bytes ${start.join(' ')}`
}
