// The container torch.save writes since 1.6: a zip archive with a pickle, `<root>/data.pkl`, and one entry per storage.
// Source: torch/serialization.py `_save` and `_load`.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import type { Allowance, ByteSource } from '../bytes.js'
import { MAX_PICKLE_BYTES, unpickle } from '../pickle/unpickle.js'
import type { PickledFile } from './pickled-state-dict.js'
import { storageOf, torchGlobal } from './torch-objects.js'
import { readZipDirectory, readZipEntry, type ZipEntry } from '../archive/read-zip.js'

/** Reads the directory and the pickle. @throws Fault when torch.save did not write the archive. */
export async function openZipCheckpoint(source: ByteSource, allowance: Allowance): Promise<PickledFile> {
  const entries = await readZipDirectory(source)
  const root = rootFolder(entries)
  if (entries.has(`${root}byteorder`))
    checkByteOrder(await readZipEntry(source, find(entries, `${root}byteorder`, 16)))
  const pickle = find(entries, `${root}data.pkl`, MAX_PICKLE_BYTES)
  allowance.take(pickle.size, quote(pickle.name))
  const { value } = unpickle(await readZipEntry(source, pickle), {
    global: torchGlobal,
    persistent: storageOf
  })
  return {
    root: value,
    locate({ key, dtype, total }) {
      const length = total * itemSize(dtype)
      const entry = find(entries, `${root}data/${key}`, length)
      if (entry.size === length) return () => readZipEntry(source, entry)
      throw new Fault(`has ${entry.size} bytes in ${quote(entry.name)}, but ${total} ${dtype} take ${length}`)
    }
  }
}

function find(entries: ReadonlyMap<string, ZipEntry>, name: string, maximum: number): ZipEntry {
  const entry = entries.get(name)
  if (entry === undefined) throw new Fault(`is a zip archive without ${quote(name)}`)
  if (entry.size <= maximum) return entry
  throw new Fault(`has ${entry.size} bytes in ${quote(name)}, at most ${maximum} are allowed`)
}

/** The folder of `data.pkl`, named after the original file. */
function rootFolder(entries: ReadonlyMap<string, ZipEntry>): string {
  const pickles = [...entries.keys()].filter(name => /(^|\/)data\.pkl$/.test(name))
  if (pickles.length !== 1) {
    const what = pickles.length === 0 ? 'without a data.pkl' : 'with more than one data.pkl'
    throw new Fault(`is a zip archive ${what}, so torch.save did not write it`)
  }
  const root = pickles[0].slice(0, -'data.pkl'.length)
  if (entries.has(`${root}constants.pkl`)) {
    throw new Fault(
      'is a TorchScript archive (torch.jit.save); save model.state_dict() with torch.save instead'
    )
  }
  return root
}

function checkByteOrder(bytes: Uint8Array): void {
  const order = new TextDecoder().decode(bytes)
  if (order !== 'little') throw new Fault(`has byte order ${quote(order)}; only "little" is supported`)
}
