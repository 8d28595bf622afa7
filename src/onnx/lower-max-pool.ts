// Max pooling, and the two ops that use the positions of its maxima.
import { madeBy, type MaxPooling, type Padding, type Value } from '../ir/ops.js'
import { sizeOf } from '../tensor/tensor.js'
import { padImage, reshaped, scalar, type Emitter } from './emitter.js'
import { DATA_TYPES } from './proto.js'

// The end of a slice that keeps a whole axis.
const BEYOND = Number.MAX_SAFE_INTEGER

/** Whether to pad explicitly: ONNX Runtime requires padding below the undilated kernel size; ceil mode may add more. */
function isWide({ padding, kernel }: MaxPooling): boolean {
  return padding.some((amount, side) => amount >= kernel[side % 2])
}

/** The image that the operator pools, its shape, where the original image begins in it, and the operator's attributes. */
function prepare(out: Emitter, x: Value, pooling: MaxPooling) {
  const { kernel, stride, padding, dilation } = pooling
  const nothing: Padding = [0, 0, 0, 0]
  const [explicit, pads] = isWide(pooling) ? [padding, nothing] : [nothing, padding]
  const [top, left, bottom, right] = explicit
  const [items, channels, height, width] = x.shape.map(Number)
  return {
    image: padImage(out, out.nameOf(x), explicit, { fill: -Infinity, dtype: x.dtype }),
    shape: [items, channels, height + top + bottom, width + left + right],
    origin: [0, 0, top, left],
    attributes: { kernel_shape: kernel, strides: stride, pads, dilations: dilation }
  }
}

/** The least positive float32. */
export const LEAST = 2 ** -149

/**
 * Whether the maximum of a padded image is taken. ONNX Runtime (1.30 too) takes zeros of a Pad before a MaxPool for the pooling's own
 * padding, which is no number at all, and does not so with another number.
 */
export function isPooledAt(out: Emitter, x: Value, padding: object): boolean {
  return out.usersOf(x).some(user => {
    const isSame = JSON.stringify(madeBy(user, 'pad')?.attributes) === JSON.stringify(padding)
    return isSame && out.usersOf(user).some(each => madeBy(each, 'maxPool2d') !== undefined)
  })
}

/** Whether another op of the graph uses the positions of these maxima. */
function placesAreWanted(out: Emitter, x: Value, pooling: MaxPooling): boolean {
  return out.usersOf(x).some(user => {
    const companion = madeBy(user, 'maxUnpool2d') ?? madeBy(user, 'maxPool2dAt')
    return companion?.inputs[0] === x && JSON.stringify(companion.attributes) === JSON.stringify(pooling)
  })
}

/** `maxPool2d`; shares one pass over the image with a gradient that uses the positions. */
export function lowerMaxPool2d(out: Emitter, [x]: readonly [Value], pooling: MaxPooling): void {
  const { image, attributes } = prepare(out, x, pooling)
  if (placesAreWanted(out, x, pooling)) out.emit('Identity', [out.pair('MaxPool', [image], attributes)[0]])
  else out.emit('MaxPool', [image], attributes)
}

/** `maxUnpool2d`: the positions are offsets into the whole tensor, so y is scattered over the flattened image. */
export function lowerMaxUnpool2d(out: Emitter, [x, y]: readonly [Value, Value], pooling: MaxPooling): void {
  const { image, shape, origin, attributes } = prepare(out, x, pooling)
  const [, places] = out.pair('MaxPool', [image], attributes)
  const flat = (name: string): string => reshaped(out, name, [-1])
  // A symbolic batch size is read from the image at run time.
  const isKnown = !x.shape.includes('N')
  const shapeOf = (name: string, known: readonly number[]): string =>
    isKnown ? out.integers(known) : out.intermediate('Shape', [name])
  const zeros = out.intermediate('Expand', [
    changingZero(out, x, flat(image)),
    shapeOf(flat(image), [sizeOf(shape)])
  ])
  const scattered = out.intermediate('ScatterElements', [zeros, flat(places), flat(out.nameOf(y))], {
    axis: 0,
    reduction: 'add'
  })
  if (!isWide(pooling)) {
    out.emit('Reshape', [scattered, shapeOf(image, shape)])
    return
  }
  const whole = out.intermediate('Reshape', [scattered, shapeOf(image, shape)])
  const ends = x.shape.map((dim, axis) => (dim === 'N' ? BEYOND : origin[axis] + dim))
  out.emit('Slice', [whole, out.integers(origin), out.integers(ends)])
}

/** A zero computed from the image: ONNX Runtime would fold constant zeros into a tensor as large as the image. */
function changingZero(out: Emitter, x: Value, flatImage: string): string {
  const [begin, end] = [out.integers([0]), out.integers([1])]
  const first = out.intermediate('Slice', [flatImage, begin, end])
  // Nothing is greater than infinity, not even NaN.
  const above = out.intermediate('Greater', [first, scalar(out, Infinity, x.dtype)])
  return out.intermediate('Cast', [above], { to: DATA_TYPES[x.dtype] })
}

export function lowerMaxPool2dAt(out: Emitter, [x, z]: readonly [Value, Value], pooling: MaxPooling): void {
  const { image, attributes } = prepare(out, x, pooling)
  const [pooled, places] = out.pair('MaxPool', [image], attributes)
  const flat = (name: string): string => reshaped(out, name, [-1])
  const source = isWide(pooling)
    ? padImage(out, out.nameOf(z), pooling.padding, { fill: 0, dtype: z.dtype })
    : out.nameOf(z)
  const taken = out.intermediate('GatherElements', [flat(source), flat(places)], { axis: 0 })
  out.emit('Reshape', [taken, out.intermediate('Shape', [pooled])])
}
