// Writes torch.save's format: a zip archive with a pickle of tensor descriptions and one file per storage.
// Source: torch/serialization.py `_save`, torch/_tensor.py `_reduce_ex_internal`.
import type { DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { bytesOf } from '../../tensor/dtype.js'
import { PickleWriter } from '../pickle/pickle-writer.js'
import { contiguousStrides } from './strided.js'
import { storageName } from './torch-objects.js'
import { encodeZip, type ZipFile } from '../archive/encode-zip.js'

// torch uses the file's name; a fixed one keeps the output deterministic.
const ROOT = 'archive'

/**
 * A `.pth` file for `torch.load` (1.6 and later, `weights_only` or not) in chunks, without copying tensors. Equal state dicts
 * give equal bytes.
 *
 * PyTorch difference: every tensor has its own storage, even if they share memory.
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
  return writer.end()
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
