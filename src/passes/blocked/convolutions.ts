// A convolution and its two gradients on blocked images. Those that ONNX Runtime has no blocked kernel for stay as they are:
// channels or groups that make no whole blocks, and the weight gradients of groups and of 1×1 kernels, which are matrix products.
import * as F from '../../ir/functional/index.js'
import { apply, constant } from '../../ir/operand.js'
import type { Convolution, GraphNode, Pair, Value } from '../../ir/ops.js'
import { zeros } from '../../tensor/tensor.js'
import { affine } from './channels.js'
import { convolved, UNMOVED } from './convolved.js'
import type { Layout } from './layout.js'
import { blockedWeight, inWholeGroups, turnedWeight } from './weights.js'

/** `conv2d`, blocked. */
export function convolve(layout: Layout, { inputs, attributes }: GraphNode<'conv2d'>): Value | undefined {
  const [x, weight, bias] = inputs
  const { block } = layout
  const channels = Number(x.shape[1])
  const kernel = weight.shape.slice(2).map(Number)
  if (x.dtype !== 'float32' || x.shape.includes('N')) return undefined
  if (attributes.groups > 1 && channels % block !== 0) return undefined
  const grouped = inWholeGroups(layout, layout.plain(weight), attributes.groups)
  if (!grouped) return undefined
  const kernels = blockedWeight(layout, grouped.weight)
  const isPoint = picksPixels(kernel, attributes) && channels >= block
  const image =
    channels < block ? layout.plain(x) : isPoint ? picked(layout, x, attributes) : layout.blocked(x)
  return convolved(layout, image, kernels, {
    ...(isPoint ? UNMOVED : attributes),
    groups: grouped.groups,
    shift: bias && layout.plain(bias)
  })
}

/** Whether a convolution is one of single pixels, some of which its stride leaves out. */
function picksPixels(kernel: readonly number[], { stride, padding }: Convolution): boolean {
  return kernel.join() === '1,1' && padding.every(side => side === 0) && stride.some(step => step > 1)
}

/** The pixels of a blocked image that a stride meets: a pooling of single pixels. */
export function picked(layout: Layout, x: Value, { stride }: Pick<Convolution, 'stride'>): Value {
  const image = layout.blocked(x)
  return layout.once(`picked ${image.id} ${stride.join()}`, () => {
    const { padding, dilation } = UNMOVED
    return apply('blockedMaxPool2d', [image], {
      kernel: [1, 1],
      stride,
      padding,
      dilation,
      block: layout.block
    })
  })
}

/** The taps of a kernel along one axis that reach the pixels of one phase of the stride, and the padding to reach them all. */
interface Phase {
  readonly taps: readonly number[]
  readonly before: number
  readonly after: number
}

/**
 * The gradient by the image, `x[s·q + a] = Σ y[q + (a + p − k·d) / s] · w[k]` over the taps k for which that is whole: for each
 * phase a of the stride a convolution without one, of y with those taps in reverse.
 */
function phasesOf(axis: 0 | 1, size: Pair, places: Pair, kernel: Pair, convolution: Convolution): Phase[] {
  const [stride, before, dilation] = [
    convolution.stride[axis],
    convolution.padding[axis],
    convolution.dilation[axis]
  ]
  return Array.from({ length: stride }, (_, phase) => {
    const offset = (tap: number): number => (phase + before - tap * dilation) / stride
    const taps = Array.from({ length: kernel[axis] }, (_tap, tap) => tap)
      .filter(tap => Number.isInteger(offset(tap)))
      .toReversed()
    const [first, last] = [taps[0], taps[taps.length - 1]].map(offset)
    const rows = size[axis] / stride
    return { taps, before: -first, after: rows - places[axis] + last }
  })
}

/** `convTranspose2d`, blocked. */
export function convolveBack(
  layout: Layout,
  { inputs, attributes }: GraphNode<'convTranspose2d'>
): Value | undefined {
  const [y, weight] = inputs
  const { size, ...convolution } = attributes
  const { block } = layout
  const { stride, dilation, groups } = convolution
  const [, perGroup, ...kernel] = weight.shape.map(Number)
  const channels = perGroup * groups
  if (channels % block !== 0 || !layout.canBeBlocked(y)) return undefined
  const grouped = inWholeGroups(layout, layout.plain(weight), groups)
  // Channels that are groups of themselves have one weight in both directions.
  if (!grouped || grouped.groups === channels) return undefined
  // Strides and dilations together leave gaps between a phase's taps; phases of unequal size cannot be interleaved.
  if (stride.some((step, axis) => step > 1 && (dilation[axis] > 1 || size[axis] % step !== 0)))
    return undefined
  const places = y.shape.slice(2).map(Number) as unknown as Pair
  const [rows, columns] = ([0, 1] as const).map(axis =>
    phasesOf(axis, size, places, kernel as unknown as Pair, convolution)
  )
  const all = [...rows, ...columns].filter(({ taps }) => taps.length > 0)
  if (all.some(({ before, after }) => before < 0 || after < 0)) return undefined
  const slopes = layout.blocked(y)
  const images = rows.map(row =>
    columns.map(column => {
      if (row.taps.length === 0 || column.taps.length === 0) return undefined
      return convolved(layout, slopes, turnedWeight(layout, grouped, row.taps, column.taps), {
        padding: [row.before, column.before, row.after, column.after],
        dilation,
        groups: grouped.groups
      })
    })
  )
  return interleaved(layout, images, [Number(y.shape[0]), channels, ...size])
}

/** An image of blocked ones, each with the pixels of one phase of rows and columns; missing ones are zeros. */
export function interleaved(
  layout: Layout,
  images: readonly (readonly (Value | undefined)[])[],
  shape: readonly number[]
): Value {
  const [[first]] = images
  if (images.length === 1 && images[0].length === 1 && first) return first
  const { block } = layout
  const [rows, columns] = [shape[2] / images.length, shape[3] / images[0].length]
  const lines = (shape[0] * shape[1] * rows) / block
  const none = (count: number, size: number): Value =>
    layout.once(`zeros ${count} ${size}`, () => constant(zeros([count, size])))
  // Rows of a phase are whole rows of memory, pixels of a phase whole blocks.
  const joined = images.map(across => {
    const width = shape[3] * block
    if (across.every(image => image === undefined)) return none(lines, width)
    const pixels = across.map(image =>
      image ? F.reshape(image, [lines * columns, block]) : none(lines * columns, block)
    )
    return F.reshape(F.cat(pixels, 1), [lines, width])
  })
  return F.reshape(F.cat(joined, 1), shape)
}

/**
 * `conv2dWeight`: a convolution in which the items are the channels, of the image as it is, with the gradient as the kernel,
 * whose blocks are its outputs.
 */
export function convolveWeight(
  layout: Layout,
  { inputs, attributes }: GraphNode<'conv2dWeight'>
): Value | undefined {
  const [x, y] = inputs
  const { kernel, ...convolution } = attributes
  const { block } = layout
  const { stride, padding, dilation, groups } = convolution
  if (groups > 1 || !layout.canBeBlocked(y) || x.dtype !== 'float32') return undefined
  if (!layout.livesBlocked(y) && !layout.livesBlocked(x)) return undefined
  const pointwise = kernel.join() === '1,1'
  if (pointwise && picksPixels(kernel, convolution) && layout.livesBlocked(x)) {
    const image = apply('fromBlocked', [picked(layout, x, convolution)], { block })
    return apply('conv2dWeight', [image, layout.plain(y)], { ...UNMOVED, kernel })
  }
  if (pointwise) return undefined
  const [items, , height, width] = x.shape.map(Number)
  const [, outputs, rows, columns] = y.shape.map(Number)
  const reach = (axis: 0 | 1, size: number, places: number): number =>
    (places - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 - size - padding[axis]
  const [below, right] = [Math.max(0, reach(0, height, rows)), Math.max(0, reach(1, width, columns))]
  // Padded columns cost the kernel twice the time; padded rows none.
  const image = widened(layout, x, padding[1], right)

  // The items of an image as it is must be fewer than a block; more are taken in turns, each of which adds to the one before.
  const chunks = Math.ceil(items / (block - 1))
  const starts = Array.from({ length: chunks + 1 }, (_, i) => Math.round((i * items) / chunks))
  const pieces = (value: Value): Value[] =>
    starts.slice(1).map((end, i) => (chunks === 1 ? value : F.slice(value, 0, starts[i], end)))
  const images = pieces(image).map(piece => F.permute(piece, [1, 0, 2, 3]))
  const slopes = F.reshape(layout.blocked(y), [items, outputs / block, rows * columns * block])
  const kernels = pieces(slopes).map(piece => {
    const outermost = outputs === block ? piece : F.permute(piece, [1, 0, 2])
    return F.reshape(outermost, [outputs, Number(piece.shape[0]), rows, columns])
  })
  const met = images.reduce<Value | undefined>(
    (sum, each, i) =>
      convolved(layout, each, kernels[i], {
        stride: dilation,
        padding: [padding[0], 0, below, 0],
        dilation: stride,
        sum
      }),
    undefined
  )
  if (!met) return undefined
  const weight = F.permute(apply('fromBlocked', [met], { block }), [1, 0, 2, 3])
  // What a stride leaves over at the end gives rows and columns that no kernel has.
  return F.slice(F.slice(weight, 2, 0, kernel[0]), 3, 0, kernel[1])
}

/** An image as it is, with columns of zeros at both sides. */
function widened(layout: Layout, x: Value, left: number, right: number): Value {
  if (left === 0 && right === 0) return layout.plain(x)
  if (!layout.livesBlocked(x)) return F.pad(layout.plain(x), [left, right])
  const image = layout.blocked(x)
  return layout.once(`widened ${image.id} ${left} ${right}`, () =>
    apply('fromBlocked', [affine(layout, image, { padding: [0, left, 0, right] })], { block: layout.block })
  )
}
