// The reference for pooling.
import { at, build } from './float64-tensor.js'
import type { Rules } from './rule.js'
import { windowPlaces } from './window-places.js'

/** The rules of the two pools. */
export const POOLING_RULES: Rules<'maxPool2d' | 'avgPool2d'> = {
  maxPool2d([x], window, { shape }) {
    return build(shape, ([item, channel, row, column]) => {
      const places = windowPlaces(x.shape, [row, column], window)
      return Math.max(...places.map(place => at(x, [item, channel, place.y, place.x])))
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
