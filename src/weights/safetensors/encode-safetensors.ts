// Writes safetensors: the header is in the state dict's order, tensors by descending element size for alignment. Apart from
// reading, as a page that writes no weights does without the digest.
import { Fault } from '../../base/errors.js'
import { bytesOf, itemSize } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { TYPE_NAMES } from '../bytes.js'
import { UNFILLED } from './digest.js'
import { fillDigest } from './file-digest.js'
import { LENGTH_BYTES, MAX_HEADER_BYTES, METADATA } from './safetensors.js'

const ALIGNMENT = 8

/** What is written besides tensors. */
export interface SafetensorsExtras {
  /** Default `format: 'pt'`, which declares PyTorch's names and layouts, and which some readers require. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Whether the metadata states the file's digest, which reading verifies; default false. */
  readonly digest?: boolean | undefined
}

/**
 * A `.safetensors` file in chunks, without copying tensors; deterministic.
 * @throws Fault for a tensor named `__metadata__`, which is reserved, and for metadata that no reader takes.
 */
export function* encodeSafetensors(
  stateDict: StateDict,
  { metadata = { format: 'pt' }, digest = false }: SafetensorsExtras = {}
): Generator<Uint8Array> {
  if (stateDict.has(METADATA)) throw new Fault(`the name "${METADATA}" is not a tensor's in safetensors`)
  const ordered = Array.from(stateDict).toSorted(([, a], [, b]) => itemSize(b.dtype) - itemSize(a.dtype))
  const ranges = new Map<string, readonly [start: number, end: number]>()
  let offset = 0
  for (const [name, { data }] of ordered) {
    ranges.set(name, [offset, offset + data.byteLength])
    offset += data.byteLength
  }
  const header = headerOf(stateDict, ranges, [...(digest ? [UNFILLED] : []), ...Object.entries(metadata)])
  const data = ordered.map(([, tensor]) => bytesOf(tensor.data))
  if (digest) fillDigest(header, data)
  yield header
  yield* data
}

function headerOf(
  stateDict: StateDict,
  ranges: ReadonlyMap<string, readonly [number, number]>,
  metadata: readonly (readonly [string, string])[]
): Uint8Array<ArrayBuffer> {
  // Not as one object, which would reorder names such as "0".
  const texts = metadata.map(([name, text]) => member(name, text))
  const members = Array.from(stateDict, ([name, { dtype, shape }]) =>
    member(name, { dtype: TYPE_NAMES.get(dtype)?.safetensors, shape, data_offsets: ranges.get(name) })
  )
  if (texts.length > 0) members.unshift(`${JSON.stringify(METADATA)}:{${texts.join(',')}}`)
  const json = new TextEncoder().encode(`{${members.join(',')}}`)
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT
  if (padded > MAX_HEADER_BYTES) {
    throw new Fault(`would have a header of ${padded} bytes; safetensors allows ${MAX_HEADER_BYTES}`)
  }
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(' '.charCodeAt(0))
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(json, LENGTH_BYTES)
  return header
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}
