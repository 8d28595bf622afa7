// A state dict as torch.save writes it: a zip archive with a pickle that describes the tensors, and one file each
// for their bytes. Source: torch/serialization.py `_save`, torch/_tensor.py `_reduce_ex_internal`.
import type { DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { bytesOf } from '../../tensor/dtype.js'
import { PickleWriter } from '../pickle/pickle-writer.js'
import { contiguousStrides } from './strided.js'
import { storageName } from './torch-objects.js'
import { encodeZip, type ZipFile } from '../archive/encode-zip.js'

// torch names the folder after the file; a fixed name keeps equal content equal.
const ROOT = 'archive'

/**
 * The bytes of a `.pth` file that `torch.load` reads (1.6 and later, `weights_only` or not) and `load_state_dict`
 * takes, in chunks: the tensors' own memory among them, uncopied. Equal state dicts give equal bytes.
 *
 * PyTorch difference: every tensor gets a storage of its own, also where two share their memory.
 */
export function* encodePth(stateDict: StateDict): Generator<Uint8Array> {
  yield* encodeZip(filesOf(stateDict))
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
  orderedDict(writer).setItems(() => {
    let key = 0
    for (const [name, tensor] of stateDict) writeTensor(writer.string(name), tensor, String(key++))
  })
  return writer.bytes()
}

function orderedDict(writer: PickleWriter): PickleWriter {
  return writer.global('collections', 'OrderedDict').emptyTuple().reduce()
}

function writeTensor(writer: PickleWriter, { data, shape, dtype }: Tensor, key: string): void {
  const offset = 0
  writer.global('torch._utils', '_rebuild_tensor_v2').tuple(() => {
    writer.tuple(() => writeStorage(writer, dtype, key, data.length)).persistent()
    writer.integer(offset).integers(shape).integers(contiguousStrides(shape))
    // requires_grad and hooks.
    orderedDict(writer.false())
  })
  writer.reduce()
}

function writeStorage(writer: PickleWriter, dtype: DType, key: string, numel: number): void {
  writer.string('storage').global('torch', storageName(dtype)).string(key).string('cpu').integer(numel)
}
