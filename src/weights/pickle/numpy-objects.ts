// NumPy's arrays and numbers in pickles, of all protocols and of NumPy 1 and 2.
// Source: numpy/_core/src/multiarray/methods.c `array_reduce` and `array_setstate`, descriptor.c `arraydescr_reduce`.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize, type DType } from '../../tensor/dtype.js'
import { sizeOf } from '../../tensor/tensor.js'
import { contiguousStrides, MAX_DIMENSIONS } from '../pth/strided.js'
import { dataView } from '../bytes.js'
import { bitsOf, type WideDType } from '../wide-dtype-names.js'
import { PickledTensor, Storage, type Placement } from './pickled-tensor.js'
import { Opaque, PickleGlobal, Stateful, Tuple } from './pickle-values.js'

const MODULES = ['numpy.core', 'numpy._core']

export const NUMPY_GLOBALS: readonly PickleGlobal[] = [
  new PickleGlobal('numpy.ndarray'),
  new PickleGlobal('numpy.dtype', ([code]) => new PickledDtype(code)),
  ...MODULES.flatMap(module => [
    new PickleGlobal(`${module}.multiarray._reconstruct`, () => new PickledArray()),
    new PickleGlobal(`${module}.multiarray.scalar`, scalar),
    new PickleGlobal(`${module}.numeric._frombuffer`, fromBuffer)
  ])
]

/** NumPy's codes of the dtypes that tensors have too, or can be widened to. */
export const DTYPE_OF_CODE: ReadonlyMap<string, DType | WideDType> = new Map([
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['b1', 'bool']
])

class PickledDtype extends Stateful {
  override readonly kind = 'a NumPy dtype'
  #order = '|'
  /** Empty for anything but text: a crafted value, such as a list of lists, may have no end as one. */
  readonly code: string

  constructor(code: unknown) {
    super()
    this.code = typeof code === 'string' ? code : ''
  }

  setState(state: unknown): void {
    const [, order] = state instanceof Tuple ? state.items : []
    this.#order = typeof order === 'string' ? order : ''
  }

  get isBigEndian(): boolean {
    return this.#order === '>'
  }

  get dtype(): DType | WideDType | undefined {
    return DTYPE_OF_CODE.get(this.code)
  }
}

class PickledArray extends PickledTensor {
  setState(state: unknown): void {
    const [, shape, dtype, isFortran, content] = state instanceof Tuple ? state.items : []
    if (!(shape instanceof Tuple && dtype instanceof PickledDtype)) {
      throw new Fault('its pickle makes a NumPy array of something that is no shape and dtype')
    }
    this.place(shape, dtype, isFortran === true, content)
  }

  place(shape: Tuple, dtype: PickledDtype, isFortran: boolean, content: unknown): void {
    // A `str` of Python 2 whose bytes happened to be valid text.
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    if (dtype.dtype === undefined || dtype.isBigEndian || !(bytes instanceof Uint8Array)) {
      const order = dtype.isBigEndian ? ', big-endian' : ''
      this.fault = `is a NumPy array of dtype ${quote(dtype.code)}${order}, which no tensor here has`
      return
    }
    if (shape.items.length > MAX_DIMENSIONS) {
      throw new Fault(`its pickle makes a NumPy array of more than ${MAX_DIMENSIONS} dimensions`)
    }
    const size = shape.items.map(dim => (typeof dim === 'number' ? dim : -1))
    this.placement = placementIn(bytes, { name: 'a NumPy array', dtype: dtype.dtype, size, isFortran })
  }
}

/** An array that fills its bytes, in C's order or Fortran's. @throws Fault when it needs more or fewer. */
export function placementIn(
  bytes: Uint8Array,
  array: {
    readonly name: string
    readonly dtype: DType | WideDType
    readonly size: readonly number[]
    readonly isFortran: boolean
  }
): Placement {
  const { name, dtype, size, isFortran } = array
  const bits = bitsOf(dtype)
  const total = bytes.length / itemSize(bits)
  if (sizeOf(size) !== total) {
    throw new Fault(`has ${name} of shape [${size.join(', ')}] with ${bytes.length} bytes`)
  }
  const stride = isFortran ? contiguousStrides(size.toReversed()).reverse() : contiguousStrides(size)
  const storage = new Storage(name, bits, total, 0, total, bytes)
  return { storage, layout: { offset: 0, size, stride }, dtype }
}

/** Protocol 5: `_frombuffer(buffer, dtype, shape, order)`. */
function fromBuffer([content, dtype, shape, order]: readonly unknown[]): PickledArray {
  const array = new PickledArray()
  if (!(shape instanceof Tuple && dtype instanceof PickledDtype)) {
    throw new Fault('its pickle makes a NumPy array of something that is no shape and dtype')
  }
  array.place(shape, dtype, order === 'F', content)
  return array
}

/** A single number, such as an accuracy. */
function scalar([dtype, content]: readonly unknown[]): unknown {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  if (!(dtype instanceof PickledDtype && bytes instanceof Uint8Array)) return new Opaque('numpy.scalar')
  const { code, isBigEndian } = dtype
  const read = READ_SCALAR.get(code)
  const isRead = read !== undefined && !isBigEndian && bytes.length === Number(code.slice(1))
  return isRead ? read(dataView(bytes)) : new Opaque(`numpy.${code}`)
}

const READ_SCALAR: ReadonlyMap<string, (view: DataView) => unknown> = new Map<
  string,
  (view: DataView) => unknown
>([
  ['f4', view => view.getFloat32(0, true)],
  ['f8', view => view.getFloat64(0, true)],
  ['i4', view => view.getInt32(0, true)],
  ['i8', view => Number(view.getBigInt64(0, true))],
  ['u1', view => view.getUint8(0)],
  ['b1', view => view.getUint8(0) !== 0]
])
