// The reference for shaping ops.
import { at, atBroadcast, build } from './float64-tensor.js'
import type { Rules } from './rule.js'

/** The rules of shaping ops. */
export const SHAPING_RULES: Rules<'reshape' | 'permute' | 'expand' | 'concat' | 'pad' | 'slice'> = {
  reshape: ([x]) => x.data.slice(),

  permute([x], { axes }, { shape }) {
    return build(shape, index =>
      at(
        x,
        x.shape.map((_, axis) => index[axes.indexOf(axis)])
      )
    )
  },

  expand: ([x], _, { shape }) => build(shape, index => atBroadcast(x, index)),

  concat(inputs, { axis }, { shape }) {
    return build(shape, index => {
      let position = index[axis]
      let source = 0
      while (position >= inputs[source].shape[axis]) position -= inputs[source++].shape[axis]
      return at(inputs[source], index.with(axis, position))
    })
  },

  pad([x], { before, value }, { shape }) {
    return build(shape, index => {
      const inner = index.map((i, axis) => i - before[axis])
      return inner.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, inner) : value
    })
  },

  slice([x], { axis, start, step }, { shape }) {
    return build(shape, index => at(x, index.with(axis, start + index[axis] * step)))
  }
}
