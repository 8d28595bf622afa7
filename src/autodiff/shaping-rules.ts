// Gradients of shaping ops: the inverse movement.
import { apply, constant } from '../ir/operand.js'
import * as F from '../ir/functional/index.js'
import type { Ops, Value } from '../ir/ops.js'
import { staticDim } from '../ir/shape.js'
import { Tensor } from '../tensor/tensor.js'
import type { Rules } from './rule.js'

/** The rules of shaping ops. */
export const SHAPING_RULES: Rules<'reshape' | 'permute' | 'expand' | 'concat' | 'pad' | 'slice'> = {
  reshape: ({ inputs: [x], gradient }) => [() => apply('reshape', [gradient], { shape: x.shape })],

  permute: ({ attributes: { axes }, gradient }) => [
    () =>
      F.permute(
        gradient,
        axes.map((_, axis) => axes.indexOf(axis))
      )
  ],

  expand: ({ gradient }) => [() => gradient],

  concat({ inputs, attributes: { axis }, gradient }) {
    let start = 0
    return inputs.map(({ shape }) => {
      const from = start
      start += staticDim('concat', shape, axis)
      const end = start
      return () => F.slice(gradient, axis, from, end)
    })
  },

  pad: ({ inputs: [x], attributes: { before }, gradient }) => [
    () =>
      x.shape.reduce<Value>(
        (value, dim, axis) =>
          value.shape[axis] === dim
            ? value
            : F.slice(value, axis, before[axis], before[axis] + staticDim('pad', x.shape, axis)),
        gradient
      )
  ],

  slice: ({ inputs: [x], attributes, gradient }) => [() => unslice(gradient, x, attributes)]
}

/** Pads a slice with zeros to its original position. */
function unslice(part: Value, x: Value, { axis, start, step }: Ops['slice']['attributes']): Value {
  const size = staticDim('slice', x.shape, axis)
  const places = staticDim('slice', part.shape, axis)
  const isLast = axis === x.shape.length - 1
  if (step > 1 && isLast && axis > 0 && places * size <= LARGEST_PLACING) {
    const matrix = placing(places, size, start, step)
    return F.matmul(part, part.dtype === 'float32' ? matrix : F.cast(matrix, part.dtype))
  }
  const spread = step === 1 ? part : F.slice(withGaps(part, axis, step), axis, 0, size - start)
  const after = size - start - staticDim('slice', spread.shape, axis)
  return padAxis(spread, axis, start, after)
}

// Inserting gaps along the innermost axis copies element by element; a product with a small 0/1 matrix takes a fifth of
// the time, but its cost grows with the square of the axis.
const LARGEST_PLACING = 2 ** 14

/** Row i has a one at `start + i · step`. Shape: (places, size). */
function placing(places: number, size: number, start: number, step: number): Value {
  const entries = new Float32Array(places * size)
  for (let i = 0; i < places; i++) entries[i * size + start + i * step] = 1
  return constant(new Tensor(entries, [places, size], 'float32'))
}

/** Inserts `step − 1` zeros after every element along an axis. */
function withGaps(value: Value, axis: number, step: number): Value {
  const spread = padAxis(F.unsqueeze(value, axis + 1), axis + 1, 0, step - 1)
  return F.reshape(spread, value.shape.with(axis, staticDim('slice', value.shape, axis) * step))
}

function padAxis(value: Value, axis: number, before: number, after: number): Value {
  const only = (amount: number): number[] => value.shape.map((_, i) => (i === axis ? amount : 0))
  return apply('pad', [value], { before: only(before), after: only(after), value: 0 })
}
