// Builds a state dict from an unpickled checkpoint: finds the dict, validates every tensor, reads each storage once.
import { Fault } from '../../base/errors.js'
import { abridge, quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import type { Allowance } from '../bytes.js'
import { describe, Opaque } from '../pickle/pickle-values.js'
import { PickledTensor, type Placement, type Storage } from '../pickle/pickled-tensor.js'
import { aligned, checkedTensor, checkLayout, gatherElements, isContiguous, viewElements } from './strided.js'

/** A `.pth` file whose pickle has been read, but not its storages. */
export interface PickledFile {
  readonly root: unknown
  /** Locates a storage and returns a function that reads it. @throws Fault when it is missing. */
  locate(storage: Storage): () => Promise<Uint8Array>
}

/** Common entries of the state dict in larger checkpoints. */
export const WRAPPERS: readonly string[] = ['state_dict', 'model', 'model_state_dict', 'net']

const SHOWN = 8

/**
 * @param entry the entry with the state dict; default the file itself or its only one of `WRAPPERS`.
 * @throws Fault when it holds no state dict, or a tensor does not fit its storage.
 */
export async function stateDictOf(
  file: PickledFile,
  allowance: Allowance,
  entry?: string
): Promise<StateDict> {
  const views = new Map(
    Array.from(tensorsIn(file.root, entry), ([name, tensor]) => [name, viewOf(name, tensor)])
  )
  const storages = new Map<unknown, Storage>()
  const readers = new Map<unknown, () => Promise<Uint8Array>>()
  for (const [name, { storage, layout }] of views) {
    const known = storages.get(placeOf(storage))
    if (known && (known.dtype !== storage.dtype || known.total !== storage.total)) {
      throw new Fault(`storage ${quote(storage.key)} is described twice, and differently`)
    }
    if (!known) {
      const { bytes: held } = storage
      const read = held ? async () => held : file.locate(storage)
      readers.set(placeOf(storage), async () => aligned(await read(), storage.dtype))
      allowance.take(storage.total * itemSize(storage.dtype), `storage ${quote(storage.key)}`)
      storages.set(placeOf(storage), storage)
    }
    if (!isContiguous(layout)) allowance.take(sizeOf(layout.size) * itemSize(storage.dtype), quote(name))
  }
  const bytes = new Map(
    await Promise.all(Array.from(readers, async ([key, read]) => [key, await read()] as const))
  )
  return new Map(
    Array.from(views, ([name, { storage, layout }]) => {
      const stored = bytes.get(placeOf(storage)) ?? new Uint8Array(0)
      const elements = isContiguous(layout) ? viewElements : gatherElements
      const { dtype } = storage
      return [name, checkedTensor(name, new Tensor(elements(dtype, stored, layout), layout.size, dtype))]
    })
  )
}

/** What tells storages apart: the bytes themselves where the pickle holds them, else their key. */
function placeOf({ bytes, key }: Storage): unknown {
  return bytes ?? key
}

/** A tensor's elements relative to the stored bytes. */
function viewOf(name: string, tensor: PickledTensor): Placement {
  if (tensor.placement === undefined) throw new Fault(`${quote(name)} ${tensor.fault}`)
  const { storage, layout } = tensor.placement
  checkLayout(layout, storage.numel, quote(name))
  return { storage, layout: { ...layout, offset: storage.offset + layout.offset } }
}

function tensorsIn(root: unknown, entry: string | undefined): Map<string, PickledTensor> {
  if (root instanceof Opaque) {
    throw new Fault(
      `save model.state_dict() instead: this file holds an object of ${quote(root.name)}, whose code is not run`
    )
  }
  if (!(root instanceof Map)) throw new Fault(`holds ${describe(root)} where a state dict was expected`)
  return onlyTensors(entry === undefined ? unwrap(root) : chosen(root, entry))
}

function chosen(root: ReadonlyMap<unknown, unknown>, entry: string): Map<unknown, unknown> {
  const value = root.get(entry)
  if (value instanceof Map) return value
  const found = value === undefined ? 'no such entry' : describe(value)
  throw new Fault(
    `expected a state dict as its entry ${quote(entry)}, found ${found} (it has ${listKeys(root)})`
  )
}

function unwrap(root: Map<unknown, unknown>): Map<unknown, unknown> {
  const wrapped = WRAPPERS.flatMap(name => {
    const value = root.get(name)
    return value instanceof Map ? [{ name, value }] : []
  })
  if (wrapped.length > 1) {
    const names = wrapped.map(({ name }) => quote(name)).join(' and ')
    throw new Fault(`holds more than one dict, ${names}; name the one to read with the option entry`)
  }
  return wrapped.length === 1 ? wrapped[0].value : root
}

function onlyTensors(entries: ReadonlyMap<unknown, unknown>): Map<string, PickledTensor> {
  const tensors = new Map<string, PickledTensor>()
  const others: string[] = []
  for (const [name, value] of entries) {
    if (typeof name === 'string' && value instanceof PickledTensor) tensors.set(name, value)
    else others.push(`${typeof name === 'string' ? quote(name) : describe(name)} is ${describe(value)}`)
  }
  if (others.length > 0) throw new Fault(`has entries that are not tensors: ${abridge(others, SHOWN)}`)
  return tensors
}

function listKeys(dict: ReadonlyMap<unknown, unknown>): string {
  const keys = Array.from(dict.keys(), key => (typeof key === 'string' ? quote(key) : describe(key)))
  return abridge(keys, SHOWN) || 'none'
}
