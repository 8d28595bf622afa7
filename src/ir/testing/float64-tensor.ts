// Tensors of the reference interpreter: float64 whatever the dtype they stand for, read and built by index.
import { toFloat32 } from '../../tensor/convert.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Numbers in row-major order, and their shape. */
export interface Float64Tensor {
  readonly data: Float64Array
  readonly shape: readonly number[]
}

/** A place in a tensor, one number per axis. */
export type Index = readonly number[]

/** The values of a host tensor of any dtype; integers beyond 2⁵³ are rounded. */
export function toFloat64(tensor: Tensor): Float64Tensor {
  const { data, shape, dtype } = tensor
  if (data instanceof BigInt64Array) return { data: Float64Array.from(data, Number), shape }
  // Sixteen-bit floats are kept as raw bits; float32 holds all of them exactly.
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

/** Where an index lies in row-major order. */
export function offsetOf(index: Index, shape: readonly number[]): number {
  return index.reduce((offset, i, axis) => offset * shape[axis] + i, 0)
}

/** The element at an index. */
export function at({ data, shape }: Float64Tensor, index: Index): number {
  return data[offsetOf(index, shape)]
}

/** The element that an index of a larger shape meets when `tensor` is broadcast to it. */
export function atBroadcast(tensor: Float64Tensor, index: Index): number {
  const { shape } = tensor
  const aligned = index.slice(index.length - shape.length)
  return at(
    tensor,
    aligned.map((i, axis) => (shape[axis] === 1 ? 0 : i))
  )
}

/** Computes a tensor's elements one by one, each from its index. */
export function build(shape: readonly number[], compute: (index: Index) => number): Float64Array {
  return Float64Array.from(indices(shape), compute)
}
