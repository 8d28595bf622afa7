// Tensors of the reference interpreter: float64 whatever the value's dtype, read and built by index.
import { toFloat32 } from '../../tensor/convert.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Elements in row-major order, and their shape. */
export interface Float64Tensor {
  readonly data: Float64Array
  readonly shape: readonly number[]
}

/** The index of an element, one number per axis. */
export type Index = readonly number[]

/** The values of a host tensor of any dtype; integers beyond 2⁵³ are rounded. */
export function toFloat64(tensor: Tensor): Float64Tensor {
  const { data, shape, dtype } = tensor
  if (data instanceof BigInt64Array) return { data: Float64Array.from(data, Number), shape }
  // 16-bit floats are stored as raw bits; float32 represents all of them exactly.
  const isRaw = dtype === 'float16' || dtype === 'bfloat16'
  return { data: Float64Array.from(isRaw ? toFloat32(tensor).data : data), shape }
}

/** Every index of a shape in row-major order. */
export function* indices(shape: readonly number[]): Generator<Index> {
  if (shape.includes(0)) return
  const index = shape.map(() => 0)
  for (;;) {
    yield [...index]
    let axis = shape.length - 1
    while (axis >= 0 && index[axis] === shape[axis] - 1) index[axis--] = 0
    if (axis < 0) return
    index[axis]++
  }
}

/** The row-major offset of an index. */
export function offsetOf(index: Index, shape: readonly number[]): number {
  return index.reduce((offset, i, axis) => offset * shape[axis] + i, 0)
}

/** The element at an index. */
export function at({ data, shape }: Float64Tensor, index: Index): number {
  return data[offsetOf(index, shape)]
}

/** The element at an index of the shape that `tensor` is broadcast to. */
export function atBroadcast(tensor: Float64Tensor, index: Index): number {
  const { shape } = tensor
  const aligned = index.slice(index.length - shape.length)
  return at(
    tensor,
    aligned.map((i, axis) => (shape[axis] === 1 ? 0 : i))
  )
}

/** Computes each element of a tensor from its index. */
export function build(shape: readonly number[], compute: (index: Index) => number): Float64Array {
  return Float64Array.from(indices(shape), compute)
}
