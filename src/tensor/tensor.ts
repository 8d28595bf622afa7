// A host tensor: a dtype, a shape, and one contiguous row-major typed array. It has no arithmetic, which graphs do.
// Treat the data as immutable: loading weights shares it.
import { ShapeError } from '../base/errors.js'
import { checkArguments, shown } from '../base/options.js'
import {
  allocate,
  DTYPE,
  dtypeOf,
  holds,
  ownArray,
  type DataOf,
  type DType,
  type TensorData
} from './dtype.js'

/** The number of elements of a shape; a scalar's shape `[]` has one. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1)
}

/** The number of elements of a shape from a caller. @throws ShapeError when it is no shape. */
export function checkedSize(shape: readonly number[], owner = 'tensor'): number {
  if (Array.isArray(shape) && shape.every(dim => Number.isSafeInteger(dim) && dim >= 0)) return sizeOf(shape)
  const found = Array.isArray(shape) ? formatShape(shape) : shown(shape)
  throw new ShapeError(`${owner}: expected a shape of non-negative integers, got ${found}`)
}

/** Formats a shape as torch does: `[1, 3, 224, 224]`; and, for a message, what a caller gave as one. */
export function formatShape(shape: readonly unknown[]): string {
  return `[${shape.map(dim => (dim === 'N' ? dim : shown(dim, true))).join(', ')}]`
}

/**
 * A contiguous, row-major tensor in host memory.
 *
 * @example
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3])
 * x.shape // [2, 3]
 */
export class Tensor<D extends DType = DType> {
  readonly data: DataOf<D>
  readonly shape: readonly number[]
  readonly dtype: D

  /** @throws ShapeError when `data` is not the typed array of `dtype`, or does not hold exactly the elements of `shape`. */
  constructor(data: DataOf<D>, shape: readonly number[], dtype: D) {
    const size = checkedSize(shape)
    if (!holds(dtype, data)) {
      throw new ShapeError(
        `tensor: expected data in the typed array of its dtype, as in new Tensor(new Float32Array(4), [2, 2], 'float32'), got ${shown(data)} and the dtype ${shown(dtype)}`
      )
    }
    if (data.length !== size) {
      throw new ShapeError(`tensor: shape ${formatShape(shape)} needs ${size} elements, got ${data.length}`)
    }
    this.data = ownArray(dtype, data)
    this.shape = [...shape]
    this.dtype = dtype
  }

  /** The number of elements (torch: `numel`). */
  get size(): number {
    return this.data.length
  }

  /** The same data under another shape of the same size; one dimension may be −1. */
  reshape(shape: readonly number[]): Tensor<D> {
    const known = checkedSize(Array.isArray(shape) ? shape.filter(dim => dim !== -1) : shape, 'reshape')
    const resolved = shape.map(dim => (dim === -1 ? this.size / known : dim))
    return new Tensor(this.data, resolved, this.dtype)
  }

  /** `float32[1, 3, 224, 224]` */
  toString(): string {
    return `${this.dtype}${formatShape(this.shape)}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const head = Array.from(this.data.slice(0, 6), String).join(', ')
    return `${this.toString()} (${head}${this.size > 6 ? ', …' : ''})`
  }
}

/** A float32 tensor: the inputs and outputs of networks. */
export type FloatTensor = Tensor<'float32'>

/**
 * Makes a tensor (torch: `torch.tensor(data).reshape(shape)`).
 *
 * A plain array becomes float32; a typed array keeps its dtype and is not copied. Without a shape the tensor has one
 * dimension.
 * @throws ShapeError when the data's length does not match the shape.
 * @example
 * const image = tensor(new Float32Array(3 * 224 * 224), [1, 3, 224, 224])
 */
export function tensor(data: readonly number[] | Float32Array, shape?: readonly number[]): Tensor<'float32'>
export function tensor<D extends DType>(data: DataOf<D>, shape: readonly number[], dtype: D): Tensor<D>
export function tensor(data: TensorData, shape?: readonly number[]): Tensor
export function tensor(
  data: TensorData | readonly number[],
  shape?: readonly number[],
  dtype: DType | undefined = ArrayBuffer.isView(data) ? dtypeOf(data) : 'float32'
): Tensor {
  const isPlain = Array.isArray(data) && data.every(element => typeof element === 'number')
  if (dtype === undefined || !(isPlain || ArrayBuffer.isView(data))) {
    throw new ShapeError(
      `tensor: expected an array of numbers or a typed array of a dtype, got ${shown(data)}; of nested arrays, give the numbers in one array and the shape`
    )
  }
  return new Tensor(isPlain ? Float32Array.from(data) : data, shape ?? [data.length], dtype)
}

/** A zero-filled tensor (torch: `torch.zeros`). */
export function zeros(shape: readonly number[]): Tensor<'float32'>
export function zeros<D extends DType>(shape: readonly number[], dtype: D): Tensor<D>
export function zeros(shape: readonly number[], dtype: DType = 'float32'): Tensor {
  checkArguments('zeros', { dtype }, { dtype: DTYPE })
  return new Tensor(allocate(dtype, checkedSize(shape, 'zeros')), shape, dtype)
}

/** A float32 tensor of ones (torch: `torch.ones`). */
export function ones(shape: readonly number[]): Tensor<'float32'> {
  return new Tensor(allocate('float32', checkedSize(shape, 'ones')).fill(1), shape, 'float32')
}
