// Convolution and its gradient by the image, each as the ONNX operator whose kernel is fastest for the shape (measured
// in bench/).
import type { Convolution, Pair, Value } from '../ir/ops.js'
import type { Attributes, Emitter } from './emitter.js'
import { matrix } from './constants.js'

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
 * `convTranspose2d`. Without strides it is a convolution with the kernel rotated and its channels swapped, which is
 * faster than ONNX Runtime's ConvTranspose.
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
  // A product with a permutation matrix: a slice with a negative step takes several times as long.
  const turned = area === 1 ? swapped : out.intermediate('MatMul', [swapped, reversal(out, weight, area)])
  const joined = out.integers([perGroup * groups, outChannels / groups, rows, columns])
  return out.intermediate('Reshape', [turned, joined])
}

function reversal(out: Emitter, { dtype }: Value, size: number): string {
  const entries = Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) + (i % size) === size - 1 ? 1 : 0
  )
  return matrix(out, entries, [size, size], dtype)
}
