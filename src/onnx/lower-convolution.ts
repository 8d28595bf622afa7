// Convolution and its two transposes. ONNX has an operator for the first and, for strides, the second; the rest is said
// with the operators whose kernels are fastest, which differ by shape (measured in bench/).
import type { Convolution, Pair, Value } from '../ir/ops.js'
import type { Attributes, Emitter } from './emitter.js'
import { DATA_TYPES } from './proto.js'
import { scalar } from './scalar.js'

function convAttributes(kernel: Pair, { stride, padding, dilation, groups }: Convolution): Attributes {
  return { kernel_shape: kernel, strides: stride, pads: padding, dilations: dilation, group: groups }
}

function kernelOf(weight: Value): Pair {
  return [Number(weight.shape[2]), Number(weight.shape[3])]
}

/** `conv2d` */
export function lowerConv2d(
  out: Emitter,
  inputs: readonly [Value, Value] | readonly [Value, Value, Value],
  convolution: Convolution
): void {
  out.emit('Conv', inputs.map(out.nameOf), convAttributes(kernelOf(inputs[1]), convolution))
}

/**
 * `convTranspose2d`. Without strides it is a convolution with the kernel turned about and its channels swapped, which
 * runs faster than ONNX Runtime's ConvTranspose.
 */
export function lowerConvTranspose2d(
  out: Emitter,
  [y, weight]: readonly [Value, Value],
  { size, ...convolution }: Convolution & { readonly size: Pair }
): void {
  const { stride, padding, dilation, groups } = convolution
  const kernel = kernelOf(weight)
  const along = (axis: 0 | 1): Pair => {
    const reach = dilation[axis] * (kernel[axis] - 1)
    const before = reach - padding[axis]
    return [before, size[axis] - Number(y.shape[axis + 2]) + reach - before]
  }
  const [[top, bottom], [left, right]] = [along(0), along(1)]
  if (stride.every(step => step === 1) && Math.min(top, left, bottom, right) >= 0) {
    const turned = turnKernel(out, weight, groups)
    const pads = [top, left, bottom, right] as const
    out.emit('Conv', [out.nameOf(y), turned], convAttributes(kernel, { ...convolution, padding: pads }))
    return
  }
  const missing = ([0, 1] as const).map(axis => {
    const reach = dilation[axis] * (kernel[axis] - 1) + 1
    const smallest =
      (Number(y.shape[axis + 2]) - 1) * stride[axis] + reach - padding[axis] - padding[axis + 2]
    return size[axis] - smallest
  })
  out.emit('ConvTranspose', [out.nameOf(y), out.nameOf(weight)], {
    ...convAttributes(kernel, convolution),
    output_padding: missing
  })
}

/** (O, C / groups, kH, kW) → (C, O / groups, kH, kW), each kernel rotated by 180°. */
function turnKernel(out: Emitter, weight: Value, groups: number): string {
  const [outChannels, perGroup, rows, columns] = weight.shape.map(Number)
  const area = rows * columns
  const split = out.integers([groups, outChannels / groups, perGroup, area])
  const swapped = out.intermediate('Transpose', [out.intermediate('Reshape', [out.nameOf(weight), split])], {
    perm: [0, 2, 1, 3]
  })
  // A product with a permutation: a slice with a negative step takes several times as long.
  const turned = area === 1 ? swapped : out.intermediate('MatMul', [swapped, reversal(out, weight, area)])
  const joined = out.integers([perGroup * groups, outChannels / groups, rows, columns])
  return out.intermediate('Reshape', [turned, joined])
}

function reversal(out: Emitter, { dtype }: Value, size: number): string {
  const entries = Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) + (i % size) === size - 1 ? 1 : 0
  )
  return castTo(out, out.floats(entries, [size, size]), dtype)
}

function castTo(out: Emitter, floats: string, dtype: Value['dtype']): string {
  return dtype === 'float32' ? floats : out.intermediate('Cast', [floats], { to: DATA_TYPES[dtype] })
}

/** `conv2dWeight` */
export function lowerConv2dWeight(
  out: Emitter,
  [x, y]: readonly [Value, Value],
  convolution: Convolution & { readonly kernel: Pair }
): void {
  const [rows, columns] = convolution.kernel
  const channels = Number(x.shape[1])
  // With few channels in, or in each group, matrices would be thin: a convolution with y as its kernel is faster then.
  if (convolution.groups > 1 || channels < rows * columns) weightByConvolution(out, x, y, convolution)
  else weightByProducts(out, x, y, convolution)
}

/** The batch becomes the channels, y the kernel; strides and dilations change places. */
function weightByConvolution(
  out: Emitter,
  x: Value,
  y: Value,
  { kernel, stride, padding, dilation, groups }: Convolution & { readonly kernel: Pair }
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
  // Where the stride leaves rows over, the kernel reaches one place further than it should.
  const cut = out.intermediate('Slice', [
    met,
    out.integers([0, 0]),
    out.integers(kernel),
    out.integers([2, 3])
  ])
  out.emit('Transpose', [cut], { perm: [1, 0, 2, 3] })
}

// Below so many places an item's matrices are too flat, and the batch is better taken into the product.
const FEW_PLACES = 400

/** One matrix product for each entry of the kernel: y by what it meets of x there. */
function weightByProducts(
  out: Emitter,
  x: Value,
  y: Value,
  { kernel, stride, padding, dilation }: Convolution & { readonly kernel: Pair }
): void {
  const [items, channels] = x.shape.map(Number)
  const [, outChannels, rows, columns] = y.shape.map(Number)
  const joinsBatch = rows * columns < FEW_PLACES
  const swap = (name: string): string =>
    joinsBatch ? out.intermediate('Transpose', [name], { perm: [1, 0, 2, 3] }) : name
  const flat = (name: string, count: number): string =>
    out.intermediate('Reshape', [
      name,
      out.integers(joinsBatch ? [count, items * rows * columns] : [items, count, rows * columns])
    ])
  const left = flat(swap(out.nameOf(y)), outChannels)
  const image = swap(padding.some(amount => amount > 0) ? padImage(out, x, padding) : out.nameOf(x))

  const entries: string[] = []
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const start = [i * dilation[0], j * dilation[1]]
      const end = [start[0] + (rows - 1) * stride[0] + 1, start[1] + (columns - 1) * stride[1] + 1]
      const met = out.intermediate('Slice', [
        image,
        out.integers(start),
        out.integers(end),
        out.integers([2, 3]),
        out.integers(stride)
      ])
      const right = out.intermediate('Transpose', [flat(met, channels)], {
        perm: joinsBatch ? [1, 0] : [0, 2, 1]
      })
      const product = out.intermediate('MatMul', [left, right])
      entries.push(
        joinsBatch
          ? out.intermediate('Unsqueeze', [product, out.integers([0])])
          : out.intermediate('ReduceSum', [product, out.integers([0])], { keepdims: 1 })
      )
    }
  }
  const joined = entries.length === 1 ? entries[0] : out.intermediate('Concat', entries, { axis: 0 })
  const last = out.intermediate('Transpose', [joined], { perm: [1, 2, 0] })
  out.emit('Reshape', [last, out.integers([outChannels, channels, ...kernel])])
}

function padImage(out: Emitter, x: Value, [top, left, bottom, right]: readonly number[]): string {
  const amounts = out.integers([0, 0, top, left, 0, 0, bottom, right])
  return out.intermediate('Pad', [out.nameOf(x), amounts, scalar(out, 0, x.dtype)])
}
