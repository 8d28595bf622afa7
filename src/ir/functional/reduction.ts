// Reductions and softmax.
import { aBoolean, checkOptions, type OptionsOf } from '../../base/options.js'
import { apply, type Operand, toValue } from '../operand.js'
import type { Value } from '../ops.js'
import { normaliseAxis } from '../shape.js'
import { exp, log, sub } from './elementwise.js'

/** A reduction over the given axes, by default all. */
export type Reduce = (x: Operand, dim?: number | readonly number[], options?: ReductionOptions) => Value

const OPTIONS = {
  /** Keep reduced axes with size 1 (torch: `keepdim`); default false. */
  keepDim: aBoolean
}

/** Options of reductions. */
export interface ReductionOptions extends OptionsOf<typeof OPTIONS> {}

function reduction(op: 'sum' | 'mean' | 'max' | 'variance', name: string = op): Reduce {
  return (x, dim, options = {}) => {
    const { keepDim = false } = checkOptions(name, options, OPTIONS)
    const value = toValue(x)
    const rank = value.shape.length
    const wanted =
      dim === undefined ? value.shape.map((_, axis) => axis) : Array.isArray(dim) ? (dim as number[]) : [dim]
    const axes = [...new Set(wanted.map(axis => normaliseAxis(name, axis as number, rank)))].sort(
      (a, b) => a - b
    )
    return apply(op, [value], { axes, keepDims: keepDim })
  }
}

/** The sum over the given axes, by default all. */
export const sum = reduction('sum')
/** The mean over the given axes, by default all. */
export const mean = reduction('mean')
/** The maximum over the given axes, by default all (torch: `amax`). */
export const amax = reduction('max', 'amax')
/** The biased variance over the given axes, by default all (torch: `var(unbiased=False)`). */
export const variance = reduction('variance')

/** `eˣ / Σ eˣ` along an axis, computed without overflow. */
export function softmax(x: Operand, dim: number): Value {
  const value = toValue(x)
  return apply('softmax', [value], { axis: normaliseAxis('softmax', dim, value.shape.length) })
}

/** `log(softmax(x))` along an axis, accurate even if softmax underflows. */
export function logSoftmax(x: Operand, dim: number): Value {
  const value = toValue(x)
  normaliseAxis('logSoftmax', dim, value.shape.length)
  const shifted = sub(value, amax(value, dim, { keepDim: true }))
  return sub(shifted, log(sum(exp(shifted), dim, { keepDim: true })))
}
