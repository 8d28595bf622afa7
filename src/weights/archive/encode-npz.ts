// Writes NumPy's .npz as np.savez does: a zip archive of stored .npy files, version 1.0, in C's order. Source: numpy/lib/format.py.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { bytesOf, type DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { encodeZip, type ZipFile } from './zip.js'

const DESCRIPTIONS: ReadonlyMap<DType, string> = new Map([
  ['float64', '<f8'],
  ['float32', '<f4'],
  ['float16', '<f2'],
  ['int64', '<i8'],
  ['int32', '<i4'],
  ['int16', '<i2'],
  ['int8', '|i1'],
  ['uint8', '|u1'],
  ['bool', '|b1']
])

/** In chunks. @throws Fault for a tensor of bfloat16, which NumPy lacks. */
export function encodeNpz(stateDict: StateDict): Generator<Uint8Array> {
  for (const [name, { dtype }] of stateDict) {
    if (DESCRIPTIONS.has(dtype)) continue
    throw new Fault(
      `cannot be written: ${quote(name)} is ${dtype}, which NumPy lacks; write .safetensors, or convert it to float32`
    )
  }
  return encodeZip(filesOf(stateDict))
}

function* filesOf(stateDict: StateDict): Generator<ZipFile> {
  for (const [name, tensor] of stateDict) yield { name: `${name}.npy`, bytes: npy(tensor) }
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
const PREFIX_BYTES = MAGIC.length + 2
// So that arrays may be mapped into memory.
const ALIGNMENT = 64

function npy({ data, shape, dtype }: Tensor): Uint8Array {
  // Python's tuple of one number has a comma.
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${DESCRIPTIONS.get(dtype)}', 'fortran_order': False, 'shape': (${sizes}), }`
  const start = Math.ceil((PREFIX_BYTES + text.length + 1) / ALIGNMENT) * ALIGNMENT
  const elements = bytesOf(data)
  const file = new Uint8Array(start + elements.length)
  const header = `${text.padEnd(start - PREFIX_BYTES - 1)}\n`
  file.set(MAGIC)
  new DataView(file.buffer).setUint16(MAGIC.length, header.length, true)
  file.set(new TextEncoder().encode(header), PREFIX_BYTES)
  file.set(elements, start)
  return file
}
