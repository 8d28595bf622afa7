// Where a tensor's elements lie in its storage: an offset and one stride per dimension, in elements.
// Layouts come from files, so nothing about them is believed before `checkLayout` has passed.
import { Fault } from '../../base/errors.js'
import { itemSize, viewAs, type DataOf, type DType } from '../../tensor/dtype.js'
import { sizeOf } from '../../tensor/tensor.js'
import { allocateBytes } from '../allowance.js'

/** A view of a storage (torch: `as_strided`). */
export interface Layout {
  readonly offset: number
  readonly size: readonly number[]
  readonly stride: readonly number[]
}

/** torch's own limit. */
export const MAX_DIMENSIONS = 64

/**
 * Checks that every element lies inside a storage of `numel` elements.
 * @throws Fault when one does not, or a number makes no sense.
 */
export function checkLayout({ offset, size, stride }: Layout, numel: number, what: string): void {
  if (size.length !== stride.length) {
    throw new Fault(`${what} has ${size.length} sizes and ${stride.length} strides`)
  }
  if (size.length > MAX_DIMENSIONS) {
    throw new Fault(`${what} has ${size.length} dimensions, at most ${MAX_DIMENSIONS} are allowed`)
  }
  for (const number of [offset, ...size, ...stride]) {
    if (!Number.isSafeInteger(number) || number < 0) {
      throw new Fault(`${what} has ${number} as a size, stride or offset`)
    }
  }
  // Sizes beside a 0 must multiply to something sane as well: a reshape would use them.
  if (!Number.isSafeInteger(sizeOf(size.filter(dim => dim !== 0)))) {
    throw new Fault(`${what} has the impossible shape [${size.join(', ')}]`)
  }
  if (sizeOf(size) === 0) return
  const last = size.reduce((sum, dim, i) => sum + (dim - 1) * stride[i], offset)
  if (!(last < numel)) {
    throw new Fault(`${what} reaches element ${last} of a storage that has ${numel}`)
  }
}

/** Whether the elements lie in row-major order without gaps (torch: `is_contiguous()`). */
export function isContiguous({ size, stride }: Layout): boolean {
  if (sizeOf(size) === 0) return true
  let expected = 1
  for (let i = size.length - 1; i >= 0; i--) {
    if (size[i] !== 1 && stride[i] !== expected) return false
    expected *= size[i]
  }
  return true
}

/** The strides of a row-major tensor. */
export function contiguousStrides(size: readonly number[]): number[] {
  const stride = size.map(() => 1)
  for (let i = size.length - 2; i >= 0; i--) stride[i] = stride[i + 1] * Math.max(size[i + 1], 1)
  return stride
}

/** Bytes that a typed array can be laid over: they are copied where they do not lie at a multiple of the item size. */
export function aligned(bytes: Uint8Array, dtype: DType): Uint8Array {
  if (bytes.byteOffset % itemSize(dtype) === 0) return bytes
  const copy = allocateBytes(bytes.length)
  copy.set(bytes)
  return copy
}

/** The elements of a checked, contiguous layout of aligned bytes, as a view of them. */
export function viewElements<D extends DType>(dtype: D, storage: Uint8Array, layout: Layout): DataOf<D> {
  const count = sizeOf(layout.size)
  const start = count === 0 ? 0 : layout.offset * itemSize(dtype)
  return viewAs(dtype, storage.buffer, storage.byteOffset + start, count)
}

/** Copies the elements of a checked layout of aligned bytes into row-major order (torch: `contiguous()`). */
export function gatherElements<D extends DType>(dtype: D, storage: Uint8Array, layout: Layout): DataOf<D> {
  const bytes = itemSize(dtype)
  const count = sizeOf(layout.size)
  const to = allocateBytes(count * bytes)
  // As bits, so that no float's NaN is changed on its way through a register.
  if (bytes === 8) copyStrided(longs(storage), longs(to), layout)
  else copyStrided(words(storage, bytes), words(to, bytes), layout)
  return viewAs(dtype, to.buffer, 0, count)
}

function longs(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8))
}

function words(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset } = bytes
  const count = Math.floor(bytes.length / size)
  if (size === 1) return bytes
  return size === 2 ? new Uint16Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count)
}

interface Elements<T> {
  readonly length: number
  [index: number]: T
}

function copyStrided<T>(from: Elements<T>, to: Elements<T>, { offset, size, stride }: Layout): void {
  const inner = size.length - 1
  const [length, step] = inner < 0 ? [1, 0] : [size[inner], stride[inner]]
  const index = size.map(() => 0)
  let row = offset
  for (let at = 0; at < to.length; at += length) {
    for (let i = 0; i < length; i++) to[at + i] = from[row + i * step]
    // The next row: count up like an odometer, the last but one dimension fastest.
    for (let dim = inner - 1; dim >= 0; dim--) {
      row += stride[dim]
      if (++index[dim] < size[dim]) break
      row -= size[dim] * stride[dim]
      index[dim] = 0
    }
  }
}
