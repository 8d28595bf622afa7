// Reads safetensors: header length, JSON header, tensors without gaps. Source: the project's README. A digest of the whole file
// may be in the metadata.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize, type DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { formatShape, sizeOf, Tensor } from '../../tensor/tensor.js'
import { dataView, readUint64, TYPE_NAMES, type Allowance, type ByteSource } from '../bytes.js'
import { bitsOf, isWide, type WideDType } from '../wide-dtype-names.js'
import type * as Wider from '../wider-dtypes.js'
import { aligned, checkedTensor, checkLayout, contiguousStrides, viewElements } from '../pth/strided.js'
import { statedDigest } from './digest.js'
import type * as Digests from './file-digest.js'
import { parseOrderedJson, type Json } from './ordered-json.js'

const DTYPES = new Map<string, DType | WideDType>([
  ...Array.from(TYPE_NAMES, ([dtype, { safetensors }]) => [safetensors, dtype] as const),
  ['U16', 'uint16'],
  ['U32', 'uint32'],
  ['U64', 'uint64'],
  ['F8_E4M3', 'float8_e4m3fn'],
  ['F8_E5M2', 'float8_e5m2']
])
export const METADATA = '__metadata__'

export const LENGTH_BYTES = 8

/** The format's own limit; the checkpoints of long runs, which hold their history, come near it. */
export const MAX_HEADER_BYTES = 100_000_000

/**
 * In the header's order.
 * @throws Fault when the header is damaged, tensors overlap or leave gaps, or the file lacks the digest that it states.
 */
export async function readSafetensors(source: ByteSource, allowance: Allowance): Promise<StateDict> {
  const { header, head } = await readHeader(source)
  const dataStart = head.length
  const { digest } = statedDigest(header.get(METADATA))
  const entries = Array.from(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => parseEntry(name, value))
  checkCoverage(entries, source.size - dataStart)
  if (entries.some(({ dtype }) => isWide(dtype))) wider ??= await import('../wider-dtypes.js')
  for (const { name, dtype, shape, start, end } of entries) {
    allowance.take(end - start, quote(name))
    if (isWide(dtype)) allowance.take(wider?.widenedBytes(dtype, sizeOf(shape)) ?? 0, quote(name))
  }
  const read = await Promise.all(
    entries.map(async entry => {
      const { start, end } = entry
      return { ...entry, bytes: await source.read(dataStart + start, end - start) }
    })
  )
  if (digest !== undefined) {
    digests ??= await import('./file-digest.js')
    digests.verifyDigest(
      digest,
      head,
      inOrder(read).map(({ bytes }) => bytes)
    )
  }
  return new Map(
    read.map(({ name, dtype, shape, bytes }): [string, Tensor] => {
      const layout = { offset: 0, size: shape, stride: contiguousStrides(shape) }
      const bits = bitsOf(dtype)
      const elements = viewElements(bits, aligned(bytes, bits), layout)
      if (isWide(dtype) && wider) return [name, wider.widened(name, dtype, elements, shape)]
      return [name, checkedTensor(name, new Tensor(elements, shape, bits))]
    })
  )
}

// Kept, as each further import would be resolved again.
let digests: typeof Digests | undefined
let wider: typeof Wider | undefined

/** The metadata, and whether it states a digest, which reading the tensors verifies. @throws Fault when it is damaged. */
export async function readSafetensorsMetadata(
  source: ByteSource
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly isDigested: boolean }> {
  const { texts, digest } = statedDigest((await readHeader(source)).header.get(METADATA))
  return { texts, isDigested: digest !== undefined }
}

async function readHeader(source: ByteSource) {
  const length = readUint64(dataView(await source.read(0, LENGTH_BYTES)), 0)
  if (LENGTH_BYTES + length > source.size) {
    throw new Fault(`is truncated: its header has ${length} bytes, the file ${source.size}`)
  }
  if (length > MAX_HEADER_BYTES) {
    throw new Fault(`has a header of ${length} bytes, at most ${MAX_HEADER_BYTES} are allowed`)
  }
  const head = await source.read(0, LENGTH_BYTES + length)
  const header = parseOrderedJson(decode(head.subarray(LENGTH_BYTES)))
  if (!(header instanceof Map)) throw new Fault('has a header that is not an object')
  return { header, head }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('has a header that is not UTF-8', { cause })
  }
}

function parseEntry(name: string, value: Json) {
  const fields = value instanceof Map ? value : new Map<string, Json>()
  const typeName = fields.get('dtype')
  const shape = integers(fields.get('shape'))
  const range = integers(fields.get('data_offsets'))
  if (typeof typeName !== 'string' || shape === undefined || range?.length !== 2) {
    throw new Fault(`${quote(name)} lacks a dtype, a shape or data_offsets`)
  }
  const dtype = DTYPES.get(typeName)
  if (dtype === undefined)
    throw new Fault(`${quote(name)} has dtype ${quote(typeName)}, which is not supported`)
  const [start, end] = range
  const size = sizeOf(shape)
  checkLayout({ offset: 0, size: shape, stride: contiguousStrides(shape) }, size, quote(name))
  const length = size * itemSize(bitsOf(dtype))
  if (end - start !== length) {
    throw new Fault(
      `${quote(name)} has ${end - start} bytes, but ${dtype} ${formatShape(shape)} takes ${length}`
    )
  }
  return { name, dtype, shape, start, end }
}

function integers(value: Json | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const numbers = value.filter(item => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0)
  return numbers.length === value.length ? numbers : undefined
}

interface Extent {
  readonly start: number
  readonly end: number
}

/** By their place in the file. */
function inOrder<E extends Extent>(entries: readonly E[]): E[] {
  return entries.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** @throws Fault unless the tensors cover the data without gaps. */
function checkCoverage(entries: readonly ReturnType<typeof parseEntry>[], size: number): void {
  let end = 0
  for (const entry of inOrder(entries)) {
    if (entry.start !== end) {
      const what = entry.start < end ? 'overlaps the tensor before it' : 'leaves a hole before it'
      throw new Fault(`${quote(entry.name)} ${what}: it starts at ${entry.start}, expected ${end}`)
    }
    end = entry.end
  }
  if (end > size) throw new Fault(`is truncated: its tensors take ${end} bytes, ${size} are there`)
  if (end < size) throw new Fault(`has ${size - end} bytes after its last tensor`)
}
