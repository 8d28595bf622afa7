// NumPy's .npz: a zip archive with one .npy file per array. Source: numpy/lib/format.py.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { dataView, type Allowance, type ByteSource } from '../bytes.js'
import { DTYPE_OF_CODE, placementIn } from '../pickle/numpy-objects.js'
import { TorchTensor } from '../pth/torch-objects.js'
import { readZipEntry, type ZipEntry } from './zip.js'

const ENDING = '.npy'

/** Whether an archive's entries are arrays, all of them. */
export function isNpz(entries: ReadonlyMap<string, ZipEntry>): boolean {
  return entries.size > 0 && [...entries.keys()].every(name => name.endsWith(ENDING))
}

/** The arrays by name. @throws Fault for a damaged one, or one of a dtype that no tensor has. */
export async function readNpz(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  allowance: Allowance
): Promise<Map<string, TorchTensor>> {
  const arrays = new Map<string, TorchTensor>()
  for (const [name, entry] of entries) {
    allowance.take(entry.size, quote(name))
    arrays.set(name.slice(0, -ENDING.length), arrayIn(quote(name), await readZipEntry(source, entry)))
  }
  return arrays
}

const MAGIC = '\u0093NUMPY'
/** `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, as NumPy has always written it. */
const HEADER =
  /^\{'descr': '([<>|=])(\w{2,9})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,15}(?:, ?|(?=\)))){0,64})\),? *\} *\n?$/

function arrayIn(name: string, file: Uint8Array): TorchTensor {
  const [major] = file.subarray(MAGIC.length)
  const isLong = major > 1
  const start = MAGIC.length + 2 + (isLong ? 4 : 2)
  if (!String.fromCharCode(...file.subarray(0, MAGIC.length)).startsWith(MAGIC) || file.length < start) {
    throw new Fault(`has ${name}, which is no NumPy array`)
  }
  const view = dataView(file)
  const length = isLong ? view.getUint32(start - 4, true) : view.getUint16(start - 2, true)
  const text = String.fromCharCode(...file.subarray(start, start + Math.min(length, LONGEST_HEADER)))
  const [, order, code, isFortran, shape] = HEADER.exec(text) ?? []
  const dtype = DTYPE_OF_CODE.get(code)
  if (dtype === undefined || order === '>') {
    throw new Fault(`has ${name} of a dtype that no tensor here has: ${quote(text.trim())}`)
  }
  const size = shape.split(',').flatMap(dim => (dim.trim() === '' ? [] : [Number(dim)]))
  const bytes = file.subarray(start + length)
  return new TorchTensor(placementIn(bytes, { name, dtype, size, isFortran: isFortran === 'True' }))
}

const LONGEST_HEADER = 2 ** 14
