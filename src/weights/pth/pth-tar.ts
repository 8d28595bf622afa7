// Reads the tar format before torch 0.1.12, as of the first published ResNets: `storages` (bytes), `tensors` (shapes),
// `pickle` (the object), `sys_info`. Source: torch/serialization.py `legacy_load`.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import { dataView, readUint64, type ByteSource } from '../bytes.js'
import { Tuple } from '../pickle/pickle-machine.js'
import { PickleStream } from '../pickle/pickle-stream.js'
import type { PickledFile } from './pickled-state-dict.js'
import { MAX_DIMENSIONS } from './strided.js'
import { readTarMembers } from '../archive/read-tar.js'
import {
  checkLittleEndian,
  PickledTensor,
  PLAIN_HOST,
  sizeIn,
  Storage,
  StorageType,
  torchGlobal
} from './torch-objects.js'

/** Reads everything but the storages' bytes. @throws Fault when torch.save did not write the archive. */
export async function openTarCheckpoint(source: ByteSource): Promise<PickledFile> {
  const members = await readTarMembers(source)
  const member = (name: string): PickleStream => {
    const found = members.get(name)
    if (found === undefined)
      throw new Fault(`is a tar archive without ${quote(name)}, so torch did not write it`)
    return new PickleStream(source, found.offset, found.offset + found.size)
  }
  checkLittleEndian(await member('sys_info').unpickle(PLAIN_HOST))
  const { storages, offsets } = await readStorages(member('storages'))
  const tensors = await readTensors(member('tensors'), storages)
  const root = await member('pickle').unpickle({
    global: torchGlobal,
    persistent: id => lookUp(tensors, id, 'tensor')
  })
  return {
    root,
    locate({ key, dtype, total }) {
      const offset = lookUp(offsets, key, 'storage')
      return () => source.read(offset, total * itemSize(dtype))
    }
  }
}

/** Storages and their views by key, and the offsets of their bytes. */
async function readStorages(
  stream: PickleStream
): Promise<{ storages: Map<string, Storage>; offsets: Map<string, number> }> {
  const storages = new Map<string, Storage>()
  const offsets = new Map<string, number>()
  const count = await readCount(stream, 'storages')
  for (let i = 0; i < count; i++) {
    const item = await stream.unpickle(PLAIN_HOST)
    const [id, , type] = item instanceof Tuple ? item.items : []
    if (!(type instanceof StorageType)) throw new Fault('its list of storages is damaged')
    const key = keyOf(id)
    const numel = await readInt64(stream)
    const storage = new Storage(key, type.dtype, numel)
    storages.set(key, storage)
    offsets.set(key, stream.position)
    stream.skip(numel * itemSize(type.dtype))
  }
  const views = await stream.unpickle(PLAIN_HOST)
  for (const view of Array.isArray(views) ? views : []) {
    const [target, root, offset, numel] = view instanceof Tuple ? view.items : []
    const { key, dtype, total } = lookUp(storages, root, 'storage')
    storages.set(keyOf(target), new Storage(key, dtype, total, sizeIn(offset), sizeIn(numel)))
  }
  return { storages, offsets }
}

async function readTensors(
  stream: PickleStream,
  storages: ReadonlyMap<string, Storage>
): Promise<Map<string, PickledTensor>> {
  const tensors = new Map<string, PickledTensor>()
  const count = await readCount(stream, 'tensors')
  for (let i = 0; i < count; i++) {
    const item = await stream.unpickle(PLAIN_HOST)
    const [key, storageKey] = item instanceof Tuple ? item.items : []
    // Four bytes of count, four of padding.
    const dimensions = dataView(await stream.bytes(8)).getUint32(0, true)
    if (dimensions > MAX_DIMENSIONS) throw new Fault(`has a tensor of ${dimensions} dimensions`)
    const size = await readInt64s(stream, dimensions)
    const stride = await readInt64s(stream, dimensions)
    const offset = await readInt64(stream)
    const storage = lookUp(storages, storageKey, 'storage')
    tensors.set(keyOf(key), new PickledTensor({ storage, layout: { offset, size, stride } }))
  }
  return tensors
}

// As many as another container's pickle could describe.
const MAX_COUNT = 100_000

async function readCount(stream: PickleStream, what: string): Promise<number> {
  const count = sizeIn(await stream.unpickle(PLAIN_HOST))
  if (count >= 0 && count <= MAX_COUNT) return count
  throw new Fault(`has ${count} ${what}, expected 0 to ${MAX_COUNT}`)
}

/** Keys are integers in the lists, but text in the pickle. */
function keyOf(id: unknown): string {
  if (typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint') return String(id)
  throw new Fault('has a storage or tensor without a key')
}

function lookUp<T>(items: ReadonlyMap<string, T>, id: unknown, what: string): T {
  const item = items.get(keyOf(id))
  if (item === undefined) throw new Fault(`refers to ${what} ${quote(keyOf(id))}, which it does not have`)
  return item
}

async function readInt64(stream: PickleStream): Promise<number> {
  return readUint64(dataView(await stream.bytes(8)), 0)
}

async function readInt64s(stream: PickleStream, count: number): Promise<number[]> {
  const view = dataView(await stream.bytes(8 * count))
  return Array.from({ length: count }, (_, i) => readUint64(view, 8 * i))
}
