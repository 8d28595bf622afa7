// What a gradient rule is told and what it gives.
import type { OpName, Ops, Value } from '../ir/ops.js'

/** An op where it was applied, and the gradient that arrives at its output. */
export interface Application<K extends OpName> {
  readonly inputs: Ops[K]['inputs']
  readonly attributes: Ops[K]['attributes']
  readonly output: Value
  /** Of the output's shape. */
  readonly gradient: Value
}

/**
 * What an input receives: one value, or several to be added up. Each may be of the input's shape or broadcast with it:
 * the driver sums what was stretched and stretches what is smaller. Called only if the input's gradient is wanted.
 */
export type Part = () => Value | readonly Value[]

/** One part an input, in their order; `undefined` where the output does not change with the input, or only in jumps. */
export type Rule<K extends OpName> = (application: Application<K>) => readonly (Part | undefined)[]

/** A rule for each of some ops. */
export type Rules<K extends OpName = OpName> = { readonly [P in K]: Rule<P> }
