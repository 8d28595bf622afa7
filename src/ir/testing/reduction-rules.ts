// The reference for reductions and softmax.
import { at, build, indices, type Float64Tensor, type Index } from './float64-tensor.js'
import type { Rule, Rules } from './rule.js'

type Reduction = 'sum' | 'mean' | 'max' | 'variance'

/** Reduces the elements along the given axes. */
function reducing(combine: (values: readonly number[]) => number): Rule<Reduction> {
  return ([x], { axes, keepDims }, { shape }) =>
    build(shape, index => combine(elementsBehind(x, axes, keepDims, index)))
}

function elementsBehind(
  x: Float64Tensor,
  axes: readonly number[],
  keepDims: boolean,
  outputIndex: Index
): number[] {
  const kept = keepDims ? outputIndex.filter((_, axis) => !axes.includes(axis)) : outputIndex
  return [...indices(axes.map(axis => x.shape[axis]))].map(reduced => {
    const place = kept[Symbol.iterator]()
    const index = x.shape.map((_, axis) =>
      axes.includes(axis) ? reduced[axes.indexOf(axis)] : Number(place.next().value)
    )
    return at(x, index)
  })
}

const add = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const average = (values: readonly number[]): number => add(values) / values.length

/** The rules of reductions and softmax. */
export const REDUCTION_RULES: Rules<Reduction | 'softmax'> = {
  sum: reducing(add),
  mean: reducing(average),
  max: reducing(values => Math.max(...values)),
  variance: reducing(values => {
    const centre = average(values)
    return average(values.map(value => (value - centre) ** 2))
  }),

  softmax([x], { axis }, { shape }) {
    return build(shape, index => {
      const line = Array.from({ length: shape[axis] }, (_, i) => at(x, index.with(axis, i)))
      // Subtracting the maximum cancels in the quotient and keeps eˣ finite.
      const largest = Math.max(...line)
      return Math.exp(at(x, index) - largest) / add(line.map(value => Math.exp(value - largest)))
    })
  }
}
