// Max pooling and its two companions, which need to know where each maximum stands.
import type { MaxPooling, Value } from '../ir/ops.js'
import type { Attributes, Emitter } from './emitter.js'
import { scalar } from './scalar.js'

interface Prepared {
  /** The image that the operator slides over. */
  readonly image: string
  /** Its shape. */
  readonly shape: readonly number[]
  /** Where the original begins in it. */
  readonly origin: readonly number[]
  readonly attributes: Attributes
}

/** ONNX Runtime takes less padding than the kernel's size, undilated; what ceil mode adds can be more. */
function isWide({ padding, kernel }: MaxPooling): boolean {
  return padding.some((amount, side) => amount >= kernel[side % 2])
}

function padded(out: Emitter, x: Value, [top, left, bottom, right]: readonly number[], fill: number): string {
  const amounts = out.integers([0, 0, top, left, 0, 0, bottom, right])
  return out.intermediate('Pad', [out.nameOf(x), amounts, scalar(out, fill, x.dtype)])
}

function prepare(out: Emitter, x: Value, pooling: MaxPooling): Prepared {
  const { kernel, stride, padding, dilation } = pooling
  const [top, left, bottom, right] = padding
  const wide = isWide(pooling)
  const [items, channels, height, width] = x.shape.map(Number)
  return {
    image: wide ? padded(out, x, padding, -Infinity) : out.nameOf(x),
    shape: wide ? [items, channels, height + top + bottom, width + left + right] : x.shape.map(Number),
    origin: wide ? [0, 0, top, left] : [0, 0, 0, 0],
    attributes: {
      kernel_shape: kernel,
      strides: stride,
      pads: wide ? [0, 0, 0, 0] : padding,
      dilations: dilation
    }
  }
}

/** `maxPool2d` */
export function lowerMaxPool2d(out: Emitter, [x]: readonly [Value], pooling: MaxPooling): void {
  const { image, attributes } = prepare(out, x, pooling)
  out.emit('MaxPool', [image], attributes)
}

/** `maxUnpool2d`: the maxima's places are offsets into the whole image, so y is scattered over it as one long line. */
export function lowerMaxUnpool2d(out: Emitter, [x, y]: readonly [Value, Value], pooling: MaxPooling): void {
  const { image, shape, origin, attributes } = prepare(out, x, pooling)
  const [, places] = out.pair('MaxPool', [image], attributes)
  const flat = (name: string): string => out.intermediate('Reshape', [name, out.integers([-1])])
  // Zeros made of the image: zeros by themselves would be folded into a constant as large as it.
  const zero = scalar(out, 0, x.dtype)
  const zeros = out.intermediate('Clip', [flat(image), zero, zero])
  const scattered = out.intermediate('ScatterElements', [zeros, flat(places), flat(out.nameOf(y))], {
    axis: 0,
    reduction: 'add'
  })
  if (!isWide(pooling)) {
    out.emit('Reshape', [scattered, out.integers(shape)])
    return
  }
  const whole = out.intermediate('Reshape', [scattered, out.integers(shape)])
  const ends = x.shape.map((size, axis) => origin[axis] + Number(size))
  out.emit('Slice', [whole, out.integers(origin), out.integers(ends)])
}

/** `maxPool2dAt` */
export function lowerMaxPool2dAt(out: Emitter, [x, z]: readonly [Value, Value], pooling: MaxPooling): void {
  const { image, attributes } = prepare(out, x, pooling)
  const [pooled, places] = out.pair('MaxPool', [image], attributes)
  const flat = (name: string): string => out.intermediate('Reshape', [name, out.integers([-1])])
  const source = isWide(pooling) ? padded(out, z, pooling.padding, 0) : out.nameOf(z)
  const taken = out.intermediate('GatherElements', [flat(source), flat(places)], { axis: 0 })
  out.emit('Reshape', [taken, out.intermediate('Shape', [pooled])])
}
