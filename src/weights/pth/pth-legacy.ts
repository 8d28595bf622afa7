// Reads torch.save's format of 2017 to 2020 (`_use_new_zipfile_serialization=False`): five pickles (magic, version, system,
// object, keys), then per key a count and a storage. Source: torch/serialization.py `_legacy_save` and `_legacy_load`.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import { dataView, readUint64, type ByteSource } from '../bytes.js'
import { PickleStream } from '../pickle/pickle-stream.js'
import type { PickledFile } from './pickled-state-dict.js'
import { checkLittleEndian, PLAIN_HOST, storageOf, torchGlobal, type Storage } from './torch-objects.js'

const MAGIC = 0x1950a86a20f9469cfc6cn
const PROTOCOL = 1001

/** Reads the pickles and locates the storages. @throws Fault when torch.save did not write the file. */
export async function openLegacyCheckpoint(source: ByteSource): Promise<PickledFile> {
  const stream = new PickleStream(source)
  if ((await stream.unpickle(PLAIN_HOST)) !== MAGIC) {
    throw new Fault('is a Python pickle, but torch.save did not write it')
  }
  const version = await stream.unpickle(PLAIN_HOST)
  if (version !== PROTOCOL) throw new Fault(`has a version of torch.save other than ${PROTOCOL}`)
  checkLittleEndian(await stream.unpickle(PLAIN_HOST))
  const storages = new Map<string, Storage>()
  const persistent = (id: unknown): Storage => {
    const storage = storageOf(id)
    if (!storages.has(storage.key)) storages.set(storage.key, storage)
    return storage
  }
  const root = await stream.unpickle({ global: torchGlobal, persistent })
  const keys = await stream.unpickle(PLAIN_HOST)
  const offsets = locate(keys, storages, stream.position)
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

function locate(keys: unknown, storages: ReadonlyMap<string, Storage>, start: number): Map<string, number> {
  if (!Array.isArray(keys)) throw new Fault('lacks the list of its storages')
  const offsets = new Map<string, number>()
  let offset = start
  for (const key of keys as readonly unknown[]) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (typeof key !== 'string' || storage === undefined)
      throw new Fault('lists a storage that no tensor uses')
    if (offsets.has(key)) throw new Fault(`lists storage ${quote(key)} twice`)
    offsets.set(key, offset)
    offset += COUNT_BYTES + storage.total * itemSize(storage.dtype)
  }
  return offsets
}
