// The gradient of a convolution by its weight, for which ONNX has no operator. Three formulations, each the fastest for
// its shapes (measured in bench/): a convolution with y as the kernel, and matrix products with the image either shifted
// or, for strides, sliced.
import type { Convolution, Pair, Value } from '../ir/ops.js'
import type { DType } from '../tensor/dtype.js'
import type { Emitter } from './emitter.js'
import { padImage } from './pad-image.js'
import { matrix, scalar } from './constants.js'

type Weighing = Convolution & { readonly kernel: Pair }

/** `conv2dWeight` */
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
  const grouped = out.intermediate('Reshape', [
    out.nameOf(x),
    out.integers([items, groups, perGroup, height, width])
  ])
  const image = out.intermediate('Reshape', [
    out.intermediate('Transpose', [grouped], { perm: [2, 1, 0, 3, 4] }),
    out.integers([perGroup, groups * items, height, width])
  ])
  const asKernel = out.intermediate('Transpose', [out.nameOf(y)], { perm: [1, 0, 2, 3] })
  const met = out.intermediate('Conv', [image, asKernel], {
    kernel_shape: places,
    strides: dilation,
    dilations: stride,
    pads: padding,
    group: groups
  })
  // If the stride leaves rows over, the result has superfluous rows and columns.
  const cut = out.intermediate('Slice', [
    met,
    out.integers([0, 0]),
    out.integers(kernel),
    out.integers([2, 3])
  ])
  out.emit('Transpose', [cut], { perm: [1, 0, 2, 3] })
}

// With fewer positions an item's matrices are too small, and the batch is merged into the product.
const FEW_PLACES = 400

/** One matrix product per kernel element: y times the part of x under that element. */
function weightByProducts(out: Emitter, x: Value, y: Value, convolution: Weighing): void {
  const { kernel } = convolution
  const [items, channels] = x.shape.map(Number)
  const [, outChannels, rows, columns] = y.shape.map(Number)
  const joinsBatch = rows * columns < FEW_PLACES
  const swap = (name: string): string =>
    joinsBatch ? out.intermediate('Transpose', [name], { perm: [1, 0, 2, 3] }) : name
  const xs: Images = { name: swap(out.nameOf(x)), lead: joinsBatch ? [channels, items] : [items, channels] }
  const ys: Images = {
    name: swap(out.nameOf(y)),
    lead: joinsBatch ? [outChannels, items] : [items, outChannels]
  }
  const pairs = canShift(x, y, convolution)
    ? shiftedPairs(out, [xs, x], [ys, y], convolution)
    : slicedPairs(out, [xs, x], [ys, y], convolution)

  const entries = pairs.map(([left, right]) => {
    if (joinsBatch) {
      const product = out.intermediate('MatMul', [
        out.intermediate('Reshape', [left, out.integers([outChannels, -1])]),
        transposed(out, out.intermediate('Reshape', [right, out.integers([channels, -1])]), [1, 0])
      ])
      return out.intermediate('Reshape', [product, out.integers([1, outChannels * channels])])
    }
    const product = out.intermediate('MatMul', [left, transposed(out, right, [0, 2, 1])])
    const sum = out.intermediate('ReduceSum', [product, out.integers([0])], { keepdims: 1 })
    return out.intermediate('Reshape', [sum, out.integers([1, outChannels * channels])])
  })
  const entryLast = entries.length === 1 ? entries[0] : upright(out, entries, x.dtype)
  out.emit('Reshape', [entryLast, out.integers([outChannels, channels, ...kernel])])
}

/**
 * Stacks rows (1, n) as columns: (n, rows). A product with the identity, because ONNX Runtime's Transpose takes three
 * times as long.
 */
function upright(out: Emitter, rows: readonly string[], dtype: DType): string {
  const count = rows.length
  const identity = Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0))
  const joined = out.intermediate('Concat', rows, { axis: 0 })
  return out.intermediate('Gemm', [joined, matrix(out, identity, [count, count], dtype)], { transA: 1 })
}

/** The name of a batch of images, and its two leading axes. */
interface Images {
  readonly name: string
  readonly lead: readonly number[]
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
  [xs, x]: readonly [Images, Value],
  [ys, y]: readonly [Images, Value],
  { kernel, padding, dilation }: Weighing
): MatrixPair[] {
  const [height, width] = x.shape.slice(2).map(Number)
  const [rows, columns] = y.shape.slice(2).map(Number)
  const { dtype } = x
  const byColumns = Array.from({ length: kernel[1] }, (_, j) => {
    const left = padding[1] - j * dilation[1]
    const moved = padImage(out, xs.name, [0, left, 0, columns - width - left], { fill: 0, dtype })
    return flat(out, moved, xs)
  })
  const flatY = flat(out, ys.name, ys)
  const byRows = Array.from({ length: kernel[0] }, (_, i) => {
    const top = i * dilation[0] - padding[0]
    return moveLine(out, flatY, [top * columns, (height - rows - top) * columns], dtype)
  })
  return byRows.flatMap(left => byColumns.map(right => [left, right] as const))
}

/** The part of x under each kernel element, as a strided slice. */
function slicedPairs(
  out: Emitter,
  [xs, x]: readonly [Images, Value],
  [ys, y]: readonly [Images, Value],
  { kernel, stride, padding, dilation }: Weighing
): MatrixPair[] {
  const [rows, columns] = y.shape.slice(2).map(Number)
  const image = padImage(out, xs.name, padding, { fill: 0, dtype: x.dtype })
  const flatY = flat(out, ys.name, ys)
  return Array.from({ length: kernel[0] * kernel[1] }, (_, entry) => {
    const start = [Math.floor(entry / kernel[1]) * dilation[0], (entry % kernel[1]) * dilation[1]]
    const end = [start[0] + (rows - 1) * stride[0] + 1, start[1] + (columns - 1) * stride[1] + 1]
    const met = out.intermediate('Slice', [
      image,
      out.integers(start),
      out.integers(end),
      out.integers([2, 3]),
      out.integers(stride)
    ])
    return [flatY, flat(out, met, xs)] as const
  })
}

/** Merges rows and columns into one axis. */
function flat(out: Emitter, name: string, { lead }: Images): string {
  return out.intermediate('Reshape', [name, out.integers([...lead, -1])])
}

/** Pads the last of three axes; negative amounts crop. */
function moveLine(
  out: Emitter,
  name: string,
  [before, after]: readonly [number, number],
  dtype: DType
): string {
  if (before === 0 && after === 0) return name
  return out.intermediate('Pad', [name, out.integers([0, 0, before, 0, 0, after]), scalar(out, 0, dtype)])
}

function transposed(out: Emitter, name: string, perm: readonly number[]): string {
  return out.intermediate('Transpose', [name], { perm })
}
