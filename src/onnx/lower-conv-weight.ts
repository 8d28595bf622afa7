// The gradient of a convolution by its weight, for which ONNX has no operator, in the fastest form for its shapes (bench/): a
// convolution with y as the kernel, or matrix products with the image shifted or, for strides, sliced.
import type { Convolution, Pair, Value } from '../ir/ops.js'
import type { DType } from '../tensor/dtype.js'
import { constants, padImage, reduced, reshaped, scalar, type Emitter } from './emitter.js'

type Weighing = Convolution & { readonly kernel: Pair }

export function lowerConv2dWeight(
  out: Emitter,
  [x, y]: readonly [Value, Value],
  convolution: Weighing
): void {
  const [rows, columns] = convolution.kernel
  const channels = Number(x.shape[1])
  // With few channels, or few per group, the matrices would be thin: a convolution with y as the kernel is faster.
  if (convolution.groups > 1 || channels < rows * columns) weightByConvolution(out, x, y, convolution)
  else weightByProducts(out, x, y, convolution)
}

/** The batch becomes the channels and y the kernel; strides and dilations are exchanged. */
function weightByConvolution(
  out: Emitter,
  x: Value,
  y: Value,
  { kernel, stride, padding, dilation, groups }: Weighing
): void {
  const [items, channels, height, width] = x.shape.map(Number)
  const places = y.shape.slice(2).map(Number)
  const perGroup = channels / groups
  const grouped = reshaped(out, out.nameOf(x), [items, groups, perGroup, height, width])
  const swapped = out.intermediate('Transpose', [grouped], { perm: [2, 1, 0, 3, 4] })
  const image = reshaped(out, swapped, [perGroup, groups * items, height, width])
  const asKernel = out.intermediate('Transpose', [out.nameOf(y)], { perm: [1, 0, 2, 3] })
  const met = out.intermediate('Conv', [image, asKernel], {
    kernel_shape: places,
    strides: dilation,
    dilations: stride,
    pads: padding,
    group: groups
  })
  // If the stride leaves rows over, the result has superfluous rows and columns.
  const cut = out.intermediate('Slice', [met, ...[[0, 0], kernel, [2, 3]].map(out.integers)])
  out.emit('Transpose', [cut], { perm: [1, 0, 2, 3] })
}

// With fewer positions an item's matrices are too small, and the batch is merged into the product.
const FEW_PLACES = 400

/** One matrix product per kernel element: y times the part of x under that element. */
function weightByProducts(out: Emitter, x: Value, y: Value, convolution: Weighing): void {
  const { kernel } = convolution
  const channels = Number(x.shape[1])
  const [, outChannels, rows, columns] = y.shape.map(Number)
  const joinsBatch = rows * columns < FEW_PLACES
  const imagesOf = (value: Value): Images => {
    const [first, second] = value.shape.map(Number)
    const name = out.nameOf(value)
    if (!joinsBatch) return { name, lead: [first, second], of: value }
    return { name: transposed(out, name, [1, 0, 2, 3]), lead: [second, first], of: value }
  }
  const makePairs = canShift(x, y, convolution) ? shiftedPairs : slicedPairs
  const pairs = makePairs(out, imagesOf(x), imagesOf(y), convolution)

  const entries = pairs.map(([left, right]) => {
    const factors = joinsBatch
      ? [
          reshaped(out, left, [outChannels, -1]),
          transposed(out, reshaped(out, right, [channels, -1]), [1, 0])
        ]
      : [left, transposed(out, right, [0, 2, 1])]
    const product = out.intermediate('MatMul', factors)
    const entry = joinsBatch
      ? product
      : out.intermediate(...reduced(out, 'ReduceSum', product, { axes: [0], keepDims: true }))
    return reshaped(out, entry, [1, outChannels * channels])
  })
  const entryLast = entries.length === 1 ? entries[0] : upright(out, entries, x.dtype)
  out.emit('Reshape', [entryLast, out.integers([outChannels, channels, ...kernel])])
}

/** Stacks rows (1, n) as columns (n, rows) by a product with the identity: Transpose takes three times as long. */
function upright(out: Emitter, rows: readonly string[], dtype: DType): string {
  const count = rows.length
  const identity = Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0))
  const joined = out.intermediate('Concat', rows, { axis: 0 })
  return out.intermediate('Gemm', [joined, constants(out, identity, [count, count], dtype)], { transA: 1 })
}

/** A batch of images by name, with its two leading axes in the order in which they are multiplied. */
interface Images {
  readonly name: string
  readonly lead: readonly number[]
  readonly of: Value
}
/** The matrices to multiply for one kernel element, with positions as the last axis. */
type MatrixPair = readonly [left: string, right: string]

/** Whether shifting whole rows and columns aligns x and y for every kernel element. */
function canShift(x: Value, y: Value, { kernel, stride, padding, dilation }: Weighing): boolean {
  return ([0, 1] as const).every(axis => {
    const [size, places] = [Number(x.shape[axis + 2]), Number(y.shape[axis + 2])]
    const furthest = (kernel[axis] - 1) * dilation[axis]
    const margin = Math.min(size, places)
    return stride[axis] === 1 && padding[axis] < margin && furthest - padding[axis] < margin
  })
}

/**
 * Without strides, shifting x by columns and y by rows is equivalent to shifting x by both. That needs as many shifted
 * images as the kernel has rows plus columns, instead of rows times columns, and keeps rows contiguous.
 */
function shiftedPairs(
  out: Emitter,
  xs: Images,
  ys: Images,
  { kernel, padding, dilation }: Weighing
): MatrixPair[] {
  const [height, width] = xs.of.shape.slice(2).map(Number)
  const [rows, columns] = ys.of.shape.slice(2).map(Number)
  const { dtype } = xs.of
  const byColumns = Array.from({ length: kernel[1] }, (_, j) => {
    const left = padding[1] - j * dilation[1]
    const moved = padImage(out, xs.name, [0, left, 0, columns - width - left], { fill: 0, dtype })
    return flat(out, moved, xs)
  })
  const flatY = flat(out, ys.name, ys)
  const byRows = Array.from({ length: kernel[0] }, (_, i) => {
    const top = i * dilation[0] - padding[0]
    const [before, after] = [top * columns, (height - rows - top) * columns]
    if (before === 0 && after === 0) return flatY
    // Negative amounts crop.
    return out.intermediate('Pad', [flatY, out.integers([0, 0, before, 0, 0, after]), scalar(out, 0, dtype)])
  })
  return byRows.flatMap(left => byColumns.map(right => [left, right] as const))
}

/** The part of x under each kernel element, as a strided slice. */
function slicedPairs(
  out: Emitter,
  xs: Images,
  ys: Images,
  { kernel, stride, padding, dilation }: Weighing
): MatrixPair[] {
  const [rows, columns] = ys.of.shape.slice(2).map(Number)
  const image = padImage(out, xs.name, padding, { fill: 0, dtype: xs.of.dtype })
  const flatY = flat(out, ys.name, ys)
  return Array.from({ length: kernel[0] * kernel[1] }, (_, entry) => {
    const start = [Math.floor(entry / kernel[1]) * dilation[0], (entry % kernel[1]) * dilation[1]]
    const end = [start[0] + (rows - 1) * stride[0] + 1, start[1] + (columns - 1) * stride[1] + 1]
    const met = out.intermediate('Slice', [image, ...[start, end, [2, 3], stride].map(out.integers)])
    return [flatY, flat(out, met, xs)] as const
  })
}

function flat(out: Emitter, name: string, { lead }: Images): string {
  return reshaped(out, name, [...lead, -1])
}

function transposed(out: Emitter, name: string, perm: readonly number[]): string {
  return out.intermediate('Transpose', [name], { perm })
}
