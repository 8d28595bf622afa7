// What torch.save writes since 1.6: a zip archive with a pickle of tensor descriptions, `<root>/data.pkl`, and one entry per
// storage. Source: torch/serialization.py `_save` and `_load`, torch/_tensor.py `_reduce_ex_internal`.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize, bytesOf } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { isNpz, readNpz } from '../archive/npz.js'
import { readZipDirectory, readZipEntry, encodeZip, type ZipEntry, type ZipFile } from '../archive/zip.js'
import { ByteWriter, type Allowance, type ByteSource } from '../bytes.js'
import { MAX_PICKLE_BYTES, unpickle } from '../pickle/unpickle.js'
import { outside, type PickledFile } from './pickled-state-dict.js'
import { contiguousStrides } from './strided.js'
import { storageOf, torchGlobal, storageName } from './torch-objects.js'

/** Reads the directory and the pickle, or NumPy's arrays. @throws Fault when neither torch.save nor NumPy wrote the archive. */
export async function openZipCheckpoint(source: ByteSource, allowance: Allowance): Promise<PickledFile> {
  const entries = await readZipDirectory(source)
  if (isNpz(entries))
    return { name: 'npz (NumPy)', root: await readNpz(source, entries, allowance), locate: outside }
  const root = rootFolder(entries)
  if (entries.has(`${root}byteorder`)) {
    const order = new TextDecoder().decode(await readZipEntry(source, find(entries, `${root}byteorder`, 16)))
    if (order !== 'little') throw new Fault(`has byte order ${quote(order)}; only "little" is supported`)
  }
  const pickle = find(entries, `${root}data.pkl`, MAX_PICKLE_BYTES)
  allowance.take(pickle.size * (pickle.deflated ? DEFLATED_COST : 1), quote(pickle.name))
  const host = { global: torchGlobal, persistent: storageOf }
  const { value } = unpickle(await readZipEntry(source, pickle), host)
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

// What a pickle makes takes several times its bytes, of which a deflated one may have a thousand for each of the file's.
const DEFLATED_COST = 4

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
    throw new Fault(
      `is a zip archive ${what}, so neither torch.save nor numpy.savez wrote it; unpack it if weights are in it`
    )
  }
  const root = pickles[0].slice(0, -'data.pkl'.length)
  if (entries.has(`${root}constants.pkl`)) {
    throw new Fault(
      "run torch.save(torch.jit.load('FILE').state_dict(), 'weights.pth') in Python and give weights.pth instead: this file is a TorchScript archive (torch.jit.save), not a state dict"
    )
  }
  return root
}

// torch uses the file's name; a fixed one keeps the output deterministic.
const ROOT = 'archive'

/**
 * A `.pth` file for `torch.load` (1.6 and later, `weights_only` or not) in chunks, without copying tensors. Equal state dicts
 * give equal bytes.
 *
 * PyTorch difference: every tensor has its own storage, even if they share memory.
 */
export function encodePth(stateDict: StateDict): Generator<Uint8Array> {
  return encodeZip(filesOf(stateDict))
}

function* filesOf(stateDict: StateDict): Generator<ZipFile> {
  yield { name: `${ROOT}/data.pkl`, bytes: pickle(stateDict) }
  yield { name: `${ROOT}/byteorder`, bytes: new TextEncoder().encode('little') }
  let key = 0
  for (const { data } of stateDict.values()) yield { name: `${ROOT}/data/${key++}`, bytes: bytesOf(data) }
  yield { name: `${ROOT}/version`, bytes: new TextEncoder().encode('3\n') }
}

function pickle(stateDict: StateDict): Uint8Array {
  const writer = new PickleWriter()
  orderedDict(writer).gather(SET_ITEMS, () => {
    let key = 0
    for (const [name, tensor] of stateDict) writeTensor(writer.string(name), tensor, String(key++))
  })
  return writer.end()
}

function orderedDict(writer: PickleWriter): PickleWriter {
  return writer.global('collections', 'OrderedDict').append([EMPTY_TUPLE, REDUCE])
}

function writeTensor(writer: PickleWriter, { data, shape, dtype }: Tensor, key: string): void {
  const offset = 0
  const storage = (): unknown =>
    writer
      .string('storage')
      .global('torch', storageName(dtype))
      .string(key)
      .string('cpu')
      .integer(data.length)
  const rebuild = writer.global('torch._utils', '_rebuild_tensor_v2').gather(TUPLE, () => {
    writer.gather(TUPLE, storage).append([PERSISTENT])
    writer.integer(offset).integers(shape).integers(contiguousStrides(shape))
    // requires_grad and hooks.
    orderedDict(writer.append([FALSE]))
  })
  rebuild.append([REDUCE])
}

const [TUPLE, EMPTY_TUPLE, SET_ITEMS, FALSE] = [0x74, 0x29, 0x75, 0x89]
// A call of the function below the tuple on top, and the object outside of the pickle whose id is on top.
const [REDUCE, PERSISTENT] = [0x52, 0x51]

/** Appends opcodes; `end()` gives the pickle. */
class PickleWriter extends ByteWriter {
  constructor() {
    super()
    this.append([0x80, 2])
  }

  global(module: string, name: string): this {
    return this.append([0x63]).append(new TextEncoder().encode(`${module}\n${name}\n`))
  }

  string(text: string): this {
    const encoded = new TextEncoder().encode(text)
    return this.append([0x58]).uints(4, encoded.length).append(encoded)
  }

  integer(value: number): this {
    if (value < 2 ** 8) return this.append([0x4b, value])
    if (value < 2 ** 16) return this.append([0x4d]).uints(2, value)
    if (value < 2 ** 31) return this.append([0x4a]).uints(4, value)
    return this.append([0x8a, 8]).uints(8, value)
  }

  integers(values: readonly number[]): this {
    return this.gather(TUPLE, () => values.forEach(value => this.integer(value)))
  }

  /** Makes a tuple of what `items` writes, or sets items, alternately keys and values, of the dict below. */
  gather(opcode: number, items: () => void): this {
    this.append([0x28])
    items()
    return this.append([opcode])
  }

  end(): Uint8Array {
    return this.append([0x2e]).toBytes()
  }
}
