// What an optimiser is: a rewrite of the training graph, from values to values. It owns no numbers. Parameters and slots
// are fed as state and come out again, so one run of the graph is one step, and resuming is feeding what was saved.
import type { Value } from '../ir/ops.js'

/** One parameter's part in a step. */
export interface ParameterUpdateContext {
  readonly parameter: Value
  /** Of the parameter's shape. */
  readonly gradient: Value
  /** This step's learning rate for this parameter: a float32 scalar. */
  readonly learningRate: Value
  /** The parameter's own weight decay, fixed in the graph. */
  readonly weightDecay: number
  /** What the optimiser remembers of this parameter under one of its `slots`; of the parameter's shape, zero at first. */
  slot(name: string): Value
  /** One of this step's `scalars`: a float32 scalar. */
  scalar(name: string): Value
}

/** What a step leaves behind. */
export interface ParameterUpdate {
  readonly parameter: Value
  /** The next value of every slot. */
  readonly slots: Readonly<Record<string, Value>>
}

/** How parameters follow their gradients. */
export interface Optimizer {
  readonly name: string
  /** The learning rate before any schedule. */
  readonly learningRate: number
  /** The weight decay of parameters for which nothing else is said. */
  readonly weightDecay: number
  /** What is remembered of each parameter, under torch's names. */
  readonly slots: readonly string[]
  /**
   * Numbers that are the same for all parameters but change from step to step, to be fed; the names are always the same.
   * They are computed on the host because `1 − βᵗ` needs float64.
   * @param step the number of the step, from 1.
   */
  scalars(step: number): Readonly<Record<string, number>>
  /** Adds one parameter's update to the graph. Every op is a pass over the parameter, so there are few of them. */
  update(context: ParameterUpdateContext): ParameterUpdate
}

/** The scalars of an optimiser whose steps are all alike. */
export const noScalars: Optimizer['scalars'] = () => ({})
