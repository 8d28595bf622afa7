// The reference for the products, and for the normalisation that follows a convolution.
import { at, atBroadcast, build } from './float64-tensor.js'
import type { Rules } from './rule.js'
import { windowPlaces } from './window-places.js'

/** The rules of matrix products, convolution and batch normalisation. */
export const PRODUCT_RULES: Rules<'matmul' | 'linear' | 'conv2d' | 'batchNorm'> = {
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

  conv2d([x, weight, bias], { stride, padding, dilation, groups }, { shape }) {
    const [outChannels, perGroup, ...kernel] = weight.shape
    return build(shape, ([item, out, row, column]) => {
      const group = Math.floor(out / (outChannels / groups))
      const places = windowPlaces(x.shape, [row, column], { kernel, stride, padding, dilation })
      let total = bias ? at(bias, [out]) : 0
      for (const { y, x: left, i, j } of places) {
        for (let c = 0; c < perGroup; c++) {
          total += at(x, [item, group * perGroup + c, y, left]) * at(weight, [out, c, i, j])
        }
      }
      return total
    })
  },

  batchNorm([x, scale, shift, mean, variance], { eps }, { shape }) {
    return build(shape, index => {
      const channel = [index[1]]
      const normal = (at(x, index) - at(mean, channel)) / Math.sqrt(at(variance, channel) + eps)
      return normal * at(scale, channel) + at(shift, channel)
    })
  }
}
