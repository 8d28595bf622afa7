// Reads torch.save's older formats. From 2017 to 2020 (`_use_new_zipfile_serialization=False`): five pickles (magic, version,
// system, object, keys), then per key a count and a storage. Before torch 0.1.12, as of the first published ResNets: a tar
// archive of `storages` (bytes), `tensors` (shapes), `pickle` (the object) and `sys_info`.
// Source: torch/serialization.py `_legacy_save`, `_legacy_load` and `legacy_load`; POSIX.1-2001 pax, ustar.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import { dataView, readUint64, type ByteSource } from '../bytes.js'
import { Opaque, PickleGlobal, Tuple } from '../pickle/pickle-values.js'
import { Storage } from '../pickle/pickled-tensor.js'
import { PickleStream } from '../pickle/unpickle.js'
import { outside, type PickledFile } from './pickled-state-dict.js'
import { dumpHost } from './pickle-dump.js'
import { MAX_DIMENSIONS } from './strided.js'
import * as torch from './torch-objects.js'

const MAGIC = 0x1950a86a20f9469cfc6cn
const PROTOCOL = 1001

/** Reads the pickles and locates the storages. @throws Fault when torch.save did not write the file. */
export async function openLegacyCheckpoint(source: ByteSource): Promise<PickledFile> {
  const stream = new PickleStream(source)
  const first = await stream.unpickle(dumpHost())
  // What pickle.dump wrote, such as detectron2's models: arrays are in the pickle itself.
  if (first !== MAGIC) return { root: first, locate: outside }
  const version = await stream.unpickle(torch.PLAIN_HOST)
  if (version !== PROTOCOL) throw new Fault(`has a version of torch.save other than ${PROTOCOL}`)
  torch.checkLittleEndian(await stream.unpickle(torch.PLAIN_HOST))
  const lengths = new Map<string, number>()
  const persistent = (id: unknown): unknown => {
    const storage = torch.storageOf(id)
    if (storage instanceof PickleGlobal) return storage
    if (storage instanceof Opaque) {
      const unread = torch.unreadLength(id)
      // Where its size in bytes is unknown, so is where the next one begins.
      if (!unread) throw new Fault(`has tensors of ${quote(storage.name)}, which are not read`)
      lengths.set(unread.key, unread.bytes)
    } else if (!lengths.has(storage.key)) {
      lengths.set(storage.key, storage.total * itemSize(storage.dtype))
    }
    return storage
  }
  const root = await stream.unpickle({ global: torch.torchGlobal, persistent })
  const keys = await stream.unpickle(torch.PLAIN_HOST)
  const offsets = locate(keys, lengths, stream.position)
  return {
    root,
    locate({ key, dtype, total }) {
      const offset = offsets.get(key)
      if (offset === undefined) throw new Fault(`lacks storage ${quote(key)}`)
      const length = total * itemSize(dtype)
      if (offset + COUNT_BYTES + length > source.size) {
        throw new Fault(`is truncated: storage ${quote(key)} needs ${length} bytes at byte ${offset}`)
      }
      return async () => {
        const stored = readUint64(dataView(await source.read(offset, COUNT_BYTES)), 0)
        if (stored !== total)
          throw new Fault(`has ${stored} elements in storage ${quote(key)}, expected ${total}`)
        return source.read(offset + COUNT_BYTES, length)
      }
    }
  }
}

// Every storage starts with its number of elements.
const COUNT_BYTES = 8

function locate(keys: unknown, lengths: ReadonlyMap<string, number>, start: number): Map<string, number> {
  if (!Array.isArray(keys)) throw new Fault('lacks the list of its storages')
  const offsets = new Map<string, number>()
  let offset = start
  for (const key of keys as readonly unknown[]) {
    const length = typeof key === 'string' ? lengths.get(key) : undefined
    if (typeof key !== 'string' || length === undefined)
      throw new Fault('lists a storage that no tensor uses')
    if (offsets.has(key)) throw new Fault(`lists storage ${quote(key)} twice`)
    offsets.set(key, offset)
    offset += COUNT_BYTES + length
  }
  return offsets
}

/** Reads everything but the storages' bytes. @throws Fault when torch.save did not write the archive. */
export async function openTarCheckpoint(source: ByteSource): Promise<PickledFile> {
  const members = await readTarMembers(source)
  const member = (name: string): PickleStream => {
    const found = members.get(name)
    if (found === undefined)
      throw new Fault(
        `is a tar archive without ${quote(name)}, so torch did not write it; unpack it if weights are in it`
      )
    return new PickleStream(source, found.offset, found.offset + found.size)
  }
  torch.checkLittleEndian(await member('sys_info').unpickle(torch.PLAIN_HOST))
  const { storages, offsets } = await readStorages(member('storages'))
  const tensors = await readTensors(member('tensors'), storages)
  const root = await member('pickle').unpickle({
    global: torch.torchGlobal,
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
async function readStorages(stream: PickleStream) {
  const storages = new Map<string, Storage>()
  const offsets = new Map<string, number>()
  const count = await readCount(stream, 'storages')
  for (let i = 0; i < count; i++) {
    const item = await stream.unpickle(torch.PLAIN_HOST)
    const [id, , type] = item instanceof Tuple ? item.items : []
    if (!(type instanceof torch.StorageType)) throw new Fault('its list of storages is damaged')
    const key = keyOf(id)
    const numel = await readInt64(stream)
    const storage = new Storage(key, type.dtype, numel)
    storages.set(key, storage)
    offsets.set(key, stream.position)
    stream.skip(numel * itemSize(type.dtype))
  }
  const views = await stream.unpickle(torch.PLAIN_HOST)
  for (const view of Array.isArray(views) ? views : []) {
    const [target, root, offset, numel] = view instanceof Tuple ? view.items : []
    const { key, dtype, total } = lookUp(storages, root, 'storage')
    storages.set(keyOf(target), new Storage(key, dtype, total, torch.sizeIn(offset), torch.sizeIn(numel)))
  }
  return { storages, offsets }
}

async function readTensors(stream: PickleStream, storages: ReadonlyMap<string, Storage>) {
  const tensors = new Map<string, torch.TorchTensor>()
  const count = await readCount(stream, 'tensors')
  for (let i = 0; i < count; i++) {
    const item = await stream.unpickle(torch.PLAIN_HOST)
    const [key, storageKey] = item instanceof Tuple ? item.items : []
    // Four bytes of count, four of padding.
    const dimensions = dataView(await stream.bytes(8)).getUint32(0, true)
    if (dimensions > MAX_DIMENSIONS) throw new Fault(`has a tensor of ${dimensions} dimensions`)
    const size = await readInt64s(stream, dimensions)
    const stride = await readInt64s(stream, dimensions)
    const offset = await readInt64(stream)
    const storage = lookUp(storages, storageKey, 'storage')
    tensors.set(keyOf(key), new torch.TorchTensor({ storage, layout: { offset, size, stride } }))
  }
  return tensors
}

// As many as another container's pickle could describe.
const MAX_COUNT = 100_000

async function readCount(stream: PickleStream, what: string): Promise<number> {
  const count = torch.sizeIn(await stream.unpickle(torch.PLAIN_HOST))
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

const BLOCK = 512
// torch writes four, each possibly with a pax header.
const MAX_MEMBERS = 64

async function readTarMembers(source: ByteSource): Promise<Map<string, { offset: number; size: number }>> {
  const members = new Map<string, { offset: number; size: number }>()
  let position = 0
  for (let count = 0; position + BLOCK <= source.size; count++) {
    if (count === MAX_MEMBERS) throw new Fault(`is a tar archive of more than ${MAX_MEMBERS} members`)
    const header = await source.read(position, BLOCK)
    if (header[0] === 0) break
    checkSum(header)
    const name = text(header, 0, 100).replace(/^\.\//, '')
    const size = octal(header, 124, 12)
    const offset = position + BLOCK
    if (offset + size > source.size) {
      throw new Fault(`is truncated: its member ${quote(name)} needs ${size} bytes at byte ${offset}`)
    }
    const isFile = header[156] === 0 || header[156] === '0'.charCodeAt(0)
    if (isFile && members.has(name)) throw new Fault(`has two members named ${quote(name)}`)
    if (isFile) members.set(name, { offset, size })
    position = offset + Math.ceil(size / BLOCK) * BLOCK
  }
  return members
}

function checkSum(header: Uint8Array): void {
  // The checksum counts its own field as eight spaces.
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  if (sum !== octal(header, 148, 8)) throw new Fault('is a tar archive with a damaged header')
}

function octal(header: Uint8Array, start: number, length: number): number {
  const digits = text(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new Fault('is a tar archive with a damaged header')
  return Number.parseInt(digits, 8)
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return String.fromCharCode(...field.subarray(0, end < 0 ? length : end))
}
