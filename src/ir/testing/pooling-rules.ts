// The reference for pooling.
import { sizeOf } from '../../tensor/tensor.js'
import type { MaxPooling } from '../ops.js'
import { at, build, indices, offsetOf, type Float64Tensor, type Index } from './float64-tensor.js'
import type { Rules } from './rule.js'
import { windowPlaces } from './window-places.js'

/** The index of a window's first maximum in x; undefined if the window covers only padding. */
function maximumPlace(
  x: Float64Tensor,
  [item, channel, row, column]: Index,
  window: MaxPooling
): Index | undefined {
  let largest: Index | undefined
  for (const place of windowPlaces(x.shape, [row, column], window)) {
    const index = [item, channel, place.y, place.x]
    if (!largest || at(x, index) > at(x, largest)) largest = index
  }
  return largest
}

/** The rules of pooling. */
export const POOLING_RULES: Rules<'maxPool2d' | 'maxUnpool2d' | 'maxPool2dAt' | 'avgPool2d'> = {
  maxPool2d([x], window, { shape }) {
    return build(shape, index => {
      const place = maximumPlace(x, index, window)
      return place ? at(x, place) : -Infinity
    })
  },

  maxUnpool2d([x, y], window, { shape }) {
    const image = new Float64Array(sizeOf(shape))
    for (const index of indices(y.shape)) {
      const place = maximumPlace(x, index, window)
      if (place) image[offsetOf(place, shape)] += at(y, index)
    }
    return image
  },

  maxPool2dAt([x, z], window, { shape }) {
    return build(shape, index => {
      const place = maximumPlace(x, index, window)
      return place ? at(z, place) : 0
    })
  },

  avgPool2d([x], { countIncludePad, ...window }, { shape }) {
    return build(shape, ([item, channel, row, column]) => {
      const places = windowPlaces(x.shape, [row, column], { ...window, dilation: [1, 1] })
      const total = places.reduce((sum, place) => sum + at(x, [item, channel, place.y, place.x]), 0)
      return total / (countIncludePad ? window.kernel[0] * window.kernel[1] : places.length)
    })
  }
}
