// Strided layouts of tensors in storages, in elements. Layouts from files are untrusted until `checkLayout` has passed.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize, viewAs, type DataOf, type DType } from '../../tensor/dtype.js'
import { sizeOf, type Tensor } from '../../tensor/tensor.js'
import { Allowance, type ByteSource } from '../bytes.js'
import { allocateBytes } from '../../platform/allocate-bytes.js'

/** A view of a storage (torch: `as_strided`). */
export interface Layout {
  readonly offset: number
  readonly size: readonly number[]
  readonly stride: readonly number[]
}

/** torch's own limit. */
export const MAX_DIMENSIONS = 64

/** @throws Fault when an element is outside a storage of `numel` elements, or a number is invalid. */
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
  // The product of the other sizes must be valid even beside a 0: a reshape would use it.
  if (!Number.isSafeInteger(sizeOf(size.filter(dim => dim !== 0)))) {
    throw new Fault(`${what} has the impossible shape [${size.join(', ')}]`)
  }
  if (sizeOf(size) === 0) return
  const last = size.reduce((sum, dim, i) => sum + (dim - 1) * stride[i], offset)
  if (!(last < numel)) {
    throw new Fault(`${what} reaches element ${last} of a storage that has ${numel}`)
  }
}

export function contiguousStrides(size: readonly number[]): number[] {
  const stride = size.map(() => 1)
  for (let i = size.length - 2; i >= 0; i--) stride[i] = stride[i + 1] * Math.max(size[i + 1], 1)
  return stride
}

/** Bytes aligned to the item size, copied if necessary. */
export function aligned(bytes: Uint8Array, dtype: DType): Uint8Array {
  if (bytes.byteOffset % itemSize(dtype) === 0) return bytes
  const copy = allocateBytes(bytes.length)
  copy.set(bytes)
  return copy
}

export function viewElements<D extends DType>(dtype: D, storage: Uint8Array, layout: Layout): DataOf<D> {
  const count = sizeOf(layout.size)
  const start = count === 0 ? 0 : layout.offset * itemSize(dtype)
  return viewAs(dtype, storage.buffer, storage.byteOffset + start, count)
}

// Layers that are one layer share their numbers.
const MOST_SHARED = 128

/** What tensors of a file that share their numbers may take where each has its own, as in a file that they are written to. */
export function allowanceApart({ limit }: Allowance, { size }: ByteSource): Allowance {
  return new Allowance(0, Math.max(limit, MOST_SHARED * size))
}

/** Checks bools, the only dtype with invalid bytes. @throws Fault when there is one. */
export function checkedTensor(name: string, tensor: Tensor): Tensor {
  if (tensor.dtype === 'bool' && tensor.data instanceof Uint8Array && tensor.data.some(byte => byte > 1)) {
    throw new Fault(`${quote(name)} is bool and has a byte that is neither 0 nor 1`)
  }
  return tensor
}
