// The items of a batch: one, some, and all together again. Slices share the batch's memory.
import { toFloat32 } from '../tensor/convert.js'
import { sizeOf, Tensor, zeros, type FloatTensor } from '../tensor/tensor.js'

/** Some items. Shape: (N, …) → (count, …). */
export function itemsOf({ data, shape, dtype }: Tensor, start: number, count: number): Tensor {
  const [, ...item] = shape
  const size = sizeOf(item)
  return new Tensor(data.subarray(start * size, (start + count) * size), [count, ...item], dtype)
}

/** One item. Shape: (N, …) → (…). */
export function itemAt({ data, shape: [, ...item] }: FloatTensor, index: number): FloatTensor {
  const size = sizeOf(item)
  return new Tensor(data.subarray(index * size, (index + 1) * size), item, 'float32')
}

/** Every item. Shape: (N, …) → N × (…). */
export function everyItem(batch: FloatTensor): FloatTensor[] {
  return Array.from({ length: batch.shape[0] }, (_, index) => itemAt(batch, index))
}

/** Concatenates along the first axis. */
export function joined(tensors: readonly Tensor[]): FloatTensor {
  const parts = tensors.map(toFloat32)
  if (parts.length === 1) return parts[0]
  const [, ...item] = parts[0]?.shape ?? [0]
  const batch = zeros([parts.reduce((total, { shape }) => total + shape[0], 0), ...item])
  let at = 0
  for (const { data } of parts) {
    batch.data.set(data, at)
    at += data.length
  }
  return batch
}
