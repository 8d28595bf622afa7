// Convolution and its gradient by the image, each as the ONNX operator that is fastest for the shape (measured in bench/).
import type { Convolution, Pair, Value } from '../ir/ops.js'
import { constants, reshaped, type Attributes, type Emitter } from './emitter.js'

function convAttributes(kernel: Pair, { stride, padding, dilation, groups }: Convolution): Attributes {
  return { kernel_shape: kernel, strides: stride, pads: padding, dilations: dilation, group: groups }
}

function kernelOf(weight: Value): Pair {
  return [Number(weight.shape[2]), Number(weight.shape[3])]
}

export function lowerConv2d(
  out: Emitter,
  inputs: readonly [Value, Value] | readonly [Value, Value, Value],
  convolution: Convolution
): void {
  out.emit('Conv', inputs.map(out.nameOf), convAttributes(kernelOf(inputs[1]), convolution))
}

/** `convTranspose2d`; without strides as a convolution with the kernel rotated and its channels swapped, which is faster. */
export function lowerConvTranspose2d(
  out: Emitter,
  [y, weight]: readonly [Value, Value],
  { size, ...convolution }: Convolution & { readonly size: Pair }
): void {
  const { stride, padding, dilation, groups } = convolution
  const kernel = kernelOf(weight)
  const places = [Number(y.shape[2]), Number(y.shape[3])]
  const along = (axis: 0 | 1): Pair => {
    const reach = dilation[axis] * (kernel[axis] - 1)
    const before = reach - padding[axis]
    return [before, size[axis] - places[axis] + reach - before]
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
    return size[axis] - (places[axis] - 1) * stride[axis] - reach + padding[axis] + padding[axis + 2]
  })
  const attributes = { ...convAttributes(kernel, convolution), output_padding: missing }
  out.emit('ConvTranspose', [out.nameOf(y), out.nameOf(weight)], attributes)
}

/** (O, C / groups, kH, kW) → (C, O / groups, kH, kW), each kernel rotated by 180°. */
function turnKernel(out: Emitter, weight: Value, groups: number): string {
  const [outChannels, perGroup, rows, columns] = weight.shape.map(Number)
  const area = rows * columns
  const split = reshaped(out, out.nameOf(weight), [groups, outChannels / groups, perGroup, area])
  const swapped = out.intermediate('Transpose', [split], { perm: [0, 2, 1, 3] })
  // A product with a permutation matrix: a slice with a negative step takes several times as long.
  const reversal = Array.from({ length: area * area }, (_, i) =>
    Math.floor(i / area) + (i % area) === area - 1 ? 1 : 0
  )
  const turned =
    area === 1
      ? swapped
      : out.intermediate('MatMul', [swapped, constants(out, reversal, [area, area], weight.dtype)])
  return reshaped(out, turned, [perGroup * groups, outChannels / groups, rows, columns])
}
