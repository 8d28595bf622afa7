// The reference for matrix products, convolutions and batch normalisation.
import { sizeOf } from '../../tensor/tensor.js'
import type { Convolution } from '../ops.js'
import { at, atBroadcast, build, indices, offsetOf, type Index } from './float64-tensor.js'
import type { Rules } from './rule.js'
import { windowPlaces } from './window-places.js'

/** One product in a convolution's sum: the indices of its elements of image, output and weight. */
interface Meeting {
  readonly inX: Index
  readonly inY: Index
  readonly inWeight: Index
}

/** Every product in a convolution from shape `x` to shape `y`. */
function* meetings(
  x: readonly number[],
  y: readonly number[],
  [outChannels, perGroup, ...kernel]: readonly number[],
  { stride, padding, dilation, groups }: Convolution
): Generator<Meeting> {
  for (const inY of indices(y)) {
    const [item, out, row, column] = inY
    const group = Math.floor(out / (outChannels / groups))
    for (const { y: top, x: left, i, j } of windowPlaces(x, [row, column], {
      kernel,
      stride,
      padding,
      dilation
    })) {
      for (let c = 0; c < perGroup; c++) {
        yield { inY, inX: [item, group * perGroup + c, top, left], inWeight: [out, c, i, j] }
      }
    }
  }
}

/** The rules of matrix products, convolution and batch normalisation. */
export const PRODUCT_RULES: Rules<
  'matmul' | 'linear' | 'conv2d' | 'convTranspose2d' | 'conv2dWeight' | 'batchNorm'
> = {
  matmul([a, b], _, { shape }) {
    const inner = a.shape[a.shape.length - 1]
    return build(shape, index => {
      const [leading, row, column] = [index.slice(0, -2), index[index.length - 2], index[index.length - 1]]
      let total = 0
      for (let k = 0; k < inner; k++) {
        total += atBroadcast(a, [...leading, row, k]) * atBroadcast(b, [...leading, k, column])
      }
      return total
    })
  },

  linear([x, weight, bias], _, { shape }) {
    const features = weight.shape[1]
    return build(shape, index => {
      const [leading, out] = [index.slice(0, -1), index[index.length - 1]]
      let total = bias ? at(bias, [out]) : 0
      for (let i = 0; i < features; i++) total += at(x, [...leading, i]) * at(weight, [out, i])
      return total
    })
  },

  conv2d([x, weight, bias], convolution, { shape }) {
    const y = build(shape, ([, out]) => (bias ? at(bias, [out]) : 0))
    for (const { inY, inX, inWeight } of meetings(x.shape, shape, weight.shape, convolution)) {
      y[offsetOf(inY, shape)] += at(x, inX) * at(weight, inWeight)
    }
    return y
  },

  convTranspose2d([y, weight], convolution, { shape }) {
    const image = new Float64Array(sizeOf(shape))
    for (const { inY, inX, inWeight } of meetings(shape, y.shape, weight.shape, convolution)) {
      image[offsetOf(inX, shape)] += at(y, inY) * at(weight, inWeight)
    }
    return image
  },

  conv2dWeight([x, y], convolution, { shape }) {
    const weight = new Float64Array(sizeOf(shape))
    for (const { inY, inX, inWeight } of meetings(x.shape, y.shape, shape, convolution)) {
      weight[offsetOf(inWeight, shape)] += at(x, inX) * at(y, inY)
    }
    return weight
  },

  batchNorm([x, scale, shift, mean, variance], { eps }, { shape }) {
    return build(shape, index => {
      const channel = [index[1]]
      const normal = (at(x, index) - at(mean, channel)) / Math.sqrt(at(variance, channel) + eps)
      return normal * at(scale, channel) + at(shift, channel)
    })
  }
}
