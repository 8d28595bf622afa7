// The interface of optimisers. An optimiser adds the update to the training graph and holds no state itself: parameters
// and slots are inputs and outputs of the graph, so one run is one step, and resuming means feeding the saved state.
import { ResnetError } from '../base/errors.js'
import { checkOptions, type Checks, type Given } from '../base/options.js'
import type { Value } from '../ir/ops.js'

/** One parameter in one step. */
export interface ParameterUpdateContext {
  readonly parameter: Value
  /** Of the parameter's shape. */
  readonly gradient: Value
  /** This step's learning rate for this parameter: a float32 scalar. */
  readonly learningRate: Value
  /** The parameter's weight decay, a constant of the graph. */
  readonly weightDecay: number
  /** This parameter's state in one of the optimiser's `slots`: of the parameter's shape, initially zero. */
  slot(name: string): Value
  /** One of this step's `scalars`: a float32 scalar. */
  scalar(name: string): Value
}

/** The result of one parameter's update. */
export interface ParameterUpdate {
  readonly parameter: Value
  /** The next value of every slot. */
  readonly slots: Readonly<Record<string, Value>>
}

/** An update rule for parameters. */
export interface Optimizer {
  readonly name: string
  /** The learning rate before any schedule. */
  readonly learningRate: number
  /** The weight decay of parameters whose group does not set one. */
  readonly weightDecay: number
  /** The names of the state tensors kept for each parameter, as in torch. */
  readonly slots: readonly string[]
  /**
   * Inputs of the step that are the same for all parameters; every step has the same names. They are computed on the host
   * because `1 − βᵗ` needs float64.
   * @param step the number of the step, from 1.
   */
  scalars(step: number): Readonly<Record<string, number>>
  /** Adds one parameter's update to the graph, in few ops: each is a pass over the parameter. */
  update(context: ParameterUpdateContext): ParameterUpdate
}

/** Optimiser, schedule or parameter-group options that make no sense. */
export class OptimError extends ResnetError {}

/** Options without those left out. @throws OptimError for an option that `owner` does not know or cannot use. */
export function checkOptim<Options extends object>(
  owner: string,
  options: Options,
  checks: Checks<Options>
): Given<Options> {
  return checkOptions(owner, options, checks, (name, fault) => new OptimError(`${name}: ${fault}`))
}
