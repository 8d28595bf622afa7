// The type of the reference interpreter's rules.
import type { DType } from '../../tensor/dtype.js'
import type { OpName, Ops, Value } from '../ops.js'
import type { Float64Tensor } from './float64-tensor.js'

/** An op's output type, with the batch size as a number. */
export interface OutputForm {
  readonly shape: readonly number[]
  readonly dtype: DType
}

/** A tensor for each symbolic operand. */
export type Operands<I extends readonly Value[]> = { readonly [P in keyof I]: Float64Tensor }

/** Computes an op's output in row-major order. */
export type Rule<K extends OpName> = (
  inputs: Operands<Ops[K]['inputs']>,
  attributes: Ops[K]['attributes'],
  output: OutputForm
) => Float64Array

/** A rule for each of some ops. */
export type Rules<K extends OpName = OpName> = { readonly [P in K]: Rule<P> }
