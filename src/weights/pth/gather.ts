// Copies of strided tensors, in row-major order. Apart from strided.ts, as only pickles have such tensors.
import { allocateBytes } from '../../platform/allocate-bytes.js'
import { viewAs, itemSize, type DataOf, type DType } from '../../tensor/dtype.js'
import { sizeOf } from '../../tensor/tensor.js'
import { contiguousStrides, type Layout } from './strided.js'

/** Whether elements are row-major without gaps (torch: `is_contiguous()`). */
export function isContiguous({ size, stride }: Layout): boolean {
  if (sizeOf(size) === 0) return true
  return contiguousStrides(size).every((expected, i) => size[i] === 1 || stride[i] === expected)
}

/** Copies a layout's elements into row-major order (torch: `contiguous()`). */
export function gatherElements<D extends DType>(dtype: D, storage: Uint8Array, layout: Layout): DataOf<D> {
  const bytes = itemSize(dtype)
  const count = sizeOf(layout.size)
  const to = allocateBytes(count * bytes)
  // As integers, which preserves NaN payloads.
  const integers = INTEGERS[bytes]
  const from = viewAs(integers, storage.buffer, storage.byteOffset, Math.floor(storage.length / bytes))
  copyStrided(from, viewAs(integers, to.buffer, 0, count), withoutOnes(layout))
  return viewAs(dtype, to.buffer, 0, count)
}

const INTEGERS: Readonly<Record<number, DType>> = { 1: 'uint8', 2: 'int16', 4: 'int32', 8: 'int64' }

/** Without dimensions of one, which would cost a step for each element. */
function withoutOnes({ offset, size, stride }: Layout): Layout {
  const isKept = (_: number, dim: number): boolean => size[dim] !== 1
  return { offset, size: size.filter(isKept), stride: stride.filter(isKept) }
}

type Elements = Record<number, unknown> & { readonly length: number }

function copyStrided(from: Elements, to: Elements, { offset, size, stride }: Layout): void {
  const inner = size.length - 1
  const [length, step] = inner < 0 ? [1, 0] : [size[inner], stride[inner]]
  const index = size.map(() => 0)
  let row = offset
  for (let at = 0; at < to.length; at += length) {
    for (let i = 0; i < length; i++) to[at + i] = from[row + i * step]
    // Next row: increment the indices like an odometer.
    for (let dim = inner - 1; dim >= 0; dim--) {
      row += stride[dim]
      if (++index[dim] < size[dim]) break
      row -= size[dim] * stride[dim]
      index[dim] = 0
    }
  }
}
