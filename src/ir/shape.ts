// Shapes inside a graph: a dimension is a number or 'N', the batch size, which is known only when the graph runs.
import { counted } from '../base/figures.js'
import { ShapeError } from '../base/errors.js'
import { shown } from '../base/words.js'
import { formatShape } from '../tensor/tensor.js'

/** A size, or `'N'` for the batch. */
export type Dim = number | 'N'

/** The shape of a value, such as `['N', 64, 56, 56]`. */
export type Shape = readonly Dim[]

/** Whether all dimensions are sizes or the batch. */
export function isShape(shape: unknown): boolean {
  return Array.isArray(shape) && shape.every(dim => dim === 'N' || (Number.isInteger(dim) && dim >= 0))
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis])
}

/** A dimension that must be known while tracing, such as the number of channels. */
export function staticDim(op: string, shape: Shape, axis: number): number {
  const dim = shape[axis]
  if (typeof dim === 'number') return dim
  throw new ShapeError(
    `${op}: dimension ${axis} of ${formatShape(shape)} must be a number, not the batch symbol`
  )
}

/** Turns a negative axis into the non-negative one, as torch does. */
export function normaliseAxis(op: string, axis: number, rank: number): number {
  // JavaScript callers may pass anything as an axis.
  const positive = typeof axis === 'number' && axis < 0 ? axis + rank : axis
  if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive
  throw new ShapeError(
    `${op}: axis ${shown(axis)} is out of range for ${counted(rank, 'dimension', 'dimensions')}`
  )
}

/** The common shape of two operands by NumPy's broadcasting rules. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis): Dim => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left === right || right === 1) return left
    if (left === 1) return right
    throw new ShapeError(`${op}: shapes ${formatShape(a)} and ${formatShape(b)} cannot be broadcast`)
  })
}

/** The elements per batch item, and how many dimensions are the batch. */
export function countElements(shape: Shape): { perItem: number; batches: number } {
  const perItem = shape.reduce<number>((product, dim) => (dim === 'N' ? product : product * dim), 1)
  return { perItem, batches: shape.filter(dim => dim === 'N').length }
}
