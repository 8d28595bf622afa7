// What the reference knows about one op: how each number of the output follows from the inputs.
import type { DType } from '../../tensor/dtype.js'
import type { OpName, Ops, Value } from '../ops.js'
import type { Float64Tensor } from './float64-tensor.js'

/** What is already known of an op's output: its shape with the batch as a number, and its dtype. */
export interface OutputForm {
  readonly shape: readonly number[]
  readonly dtype: DType
}

/** A number-carrying tensor for each symbolic input. */
export type Operands<I extends readonly Value[]> = { readonly [P in keyof I]: Float64Tensor }

/** Computes an op's output in row-major order. */
export type Rule<K extends OpName> = (
  inputs: Operands<Ops[K]['inputs']>,
  attributes: Ops[K]['attributes'],
  output: OutputForm
) => Float64Array

/** A rule for each of some ops. */
export type Rules<K extends OpName = OpName> = { readonly [P in K]: Rule<P> }
