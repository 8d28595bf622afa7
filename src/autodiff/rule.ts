// The type of gradient rules.
import type { OpName, Ops, Value } from '../ir/ops.js'

/** An application of an op, and the gradient by its output. */
export interface Application<K extends OpName> {
  readonly inputs: Ops[K]['inputs']
  readonly attributes: Ops[K]['attributes']
  readonly output: Value
  /** Of the output's shape. */
  readonly gradient: Value
}

/**
 * Computes the gradient by an input: one value, or several that are added. Each may have the input's shape or broadcast
 * with it; the driver sums or expands it. Called only if the input's gradient is needed.
 */
export type Part = () => Value | readonly Value[]

/** One part per input, in order; `undefined` if the output is constant or piecewise constant in the input. */
export type Rule<K extends OpName> = (application: Application<K>) => readonly (Part | undefined)[]

/** A rule for each of some ops. */
export type Rules<K extends OpName = OpName> = { readonly [P in K]: Rule<P> }
