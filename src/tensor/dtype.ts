// The element types of torch checkpoints and the typed arrays that hold them on the host.
// float16 and bfloat16 are kept as their raw 16 bits: `toFloat32` (convert.ts) widens them.
import { isA, isPlain } from '../base/kinds.js'
import { withMemory, type Purpose } from '../base/memory.js'
import { oneOf, type Check } from '../base/options.js'

/** Which typed array holds the elements of each dtype. */
export interface DTypeArrays {
  float32: Float32Array
  float64: Float64Array
  /** Raw IEEE half-precision bits. */
  float16: Uint16Array
  /** Raw bfloat16 bits. */
  bfloat16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  int16: Int16Array
  int8: Int8Array
  uint8: Uint8Array
  /** 0 or 1. */
  bool: Uint8Array
}

/** The name of an element type: torch's without the `torch.` prefix. */
export type DType = keyof DTypeArrays

/** The typed array behind a dtype. */
export type DataOf<D extends DType> = DTypeArrays[D]

/** Any typed array a tensor can hold. */
export type TensorData = DTypeArrays[DType]

type ArrayConstructors = {
  [D in DType]: {
    readonly BYTES_PER_ELEMENT: number
    readonly name: string
    readonly prototype: DTypeArrays[D]
    new (length: number): DTypeArrays[D]
    new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): DTypeArrays[D]
  }
}

const ARRAYS: ArrayConstructors = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array
}

const DTYPES = Object.keys(ARRAYS) as DType[]
export const DTYPE: Check<DType> = oneOf(...DTYPES)

export function itemSize(dtype: DType): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT
}

/** A zero-filled array for `length` elements. @throws MemoryError */
export function allocate<D extends DType>(dtype: D, length: number, ...[what, remedy]: Purpose): DataOf<D> {
  return withMemory(length * itemSize(dtype), () => new ARRAYS[dtype](length), what, remedy)
}

/** A typed view of existing bytes, without a copy; `byteOffset` must be a multiple of the item size. */
export function viewAs<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number
): DataOf<D> {
  return new ARRAYS[dtype](buffer, byteOffset, length)
}

/** The same elements in a plain typed array of this realm, without a copy; a `Buffer` is not plain. */
export function ownArray<D extends DType>(dtype: D, data: DataOf<D>): DataOf<D> {
  if (isPlain(ARRAYS[dtype], data)) return data
  return viewAs(dtype, data.buffer, data.byteOffset, data.length)
}

/** Whether an array is the one that holds the elements of a dtype; false for what is no dtype. */
export function holds(dtype: DType, data: unknown): boolean {
  return DTYPE.accepts(dtype) && isA<unknown>(ARRAYS[dtype], data)
}

/** The default dtype of a typed array; undefined for one that no tensor has. */
export function dtypeOf(data: ArrayBufferView): DType | undefined {
  return DTYPES.find(dtype => holds(dtype, data))
}

/** The bytes of a typed array, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The buffer of a view that spans all of it and may therefore be transferred; else undefined. */
export function ownBuffer({ buffer, byteLength }: ArrayBufferView): ArrayBuffer | undefined {
  return isA(ArrayBuffer, buffer) && buffer.byteLength === byteLength ? buffer : undefined
}
