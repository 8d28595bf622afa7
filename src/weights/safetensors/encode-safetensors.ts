// Writes safetensors: the header in the state dict's order, bytes by descending element size for alignment.
import { Fault } from '../../base/errors.js'
import { itemSize, type DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { bytesOf } from '../../tensor/dtype.js'
import { DTYPES, LENGTH_BYTES, METADATA } from './read-safetensors.js'

const TYPE_NAMES: ReadonlyMap<DType, string> = new Map(Array.from(DTYPES, ([name, dtype]) => [dtype, name]))
const ALIGNMENT = 8

/**
 * A `.safetensors` file in chunks, without copying tensors; deterministic. `format: 'pt'` declares PyTorch's names and
 * layouts, which some readers require.
 * @throws Fault for a tensor named `__metadata__`, which is reserved.
 */
export function* encodeSafetensors(
  stateDict: StateDict,
  metadata: Readonly<Record<string, string>> = { format: 'pt' }
): Generator<Uint8Array> {
  if (stateDict.has(METADATA)) throw new Fault(`the name "${METADATA}" is not a tensor's in safetensors`)
  const ordered = Array.from(stateDict).toSorted(([, a], [, b]) => itemSize(b.dtype) - itemSize(a.dtype))
  const ranges = new Map<string, readonly [start: number, end: number]>()
  let offset = 0
  for (const [name, { data }] of ordered) {
    ranges.set(name, [offset, offset + data.byteLength])
    offset += data.byteLength
  }
  yield headerOf(stateDict, ranges, metadata)
  for (const [, { data }] of ordered) yield bytesOf(data)
}

function headerOf(
  stateDict: StateDict,
  ranges: ReadonlyMap<string, readonly [number, number]>,
  metadata: Readonly<Record<string, string>>
): Uint8Array {
  // Not as one object, which would reorder names such as "0".
  const members = Array.from(stateDict, ([name, { dtype, shape }]) =>
    member(name, { dtype: TYPE_NAMES.get(dtype), shape, data_offsets: ranges.get(name) })
  )
  if (Object.keys(metadata).length > 0) members.unshift(member(METADATA, metadata))
  const json = new TextEncoder().encode(`{${members.join(',')}}`)
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(' '.charCodeAt(0))
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(json, LENGTH_BYTES)
  return header
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}
