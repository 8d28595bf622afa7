import { abridge } from '../base/words.js'
import { ResnetError } from '../base/errors.js'

/** An invalid batch, option or step of training. */
export class TrainError extends ResnetError {}

/** A parameter's gradient norm. */
export interface NamedGradient {
  readonly parameter: string
  /** `‖g‖₂`; NaN or infinite after divergence. */
  readonly norm: number
}

/** Number of files or parameters that a message names. */
const SHOWN = 8

/** Details of a diverged step. */
export interface TrainingBreakdown {
  /** The step, from 1. */
  readonly step: number
  readonly loss: number
  /** The largest gradient; non-finite ones count as largest. */
  readonly largest: NamedGradient | undefined
  /** Parameters with non-finite new values. */
  readonly weights: readonly string[]
  /** The batch's files, if known. */
  readonly paths: readonly string[]
  /** `validation` where the loss of the step's weights on the validation images is not finite; default `training`. */
  readonly during?: 'training' | 'validation'
}

/**
 * A step with a non-finite loss, gradient or weight, which leaves the network unchanged; or one after which the validation loss
 * is not finite.
 */
export class NonFiniteError extends TrainError implements TrainingBreakdown {
  readonly step: number
  readonly loss: number
  readonly largest: NamedGradient | undefined
  readonly weights: readonly string[]
  readonly paths: readonly string[]
  readonly during: 'training' | 'validation'

  constructor({ step, loss, largest, weights, paths, during = 'training' }: TrainingBreakdown) {
    // A non-finite loss or gradient makes the weights non-finite, too: name only the cause.
    const isCause = [loss, largest?.norm].every(Number.isFinite)
    const moved =
      isCause && weights.length > 0 ? `, but the new values of ${abridge(weights, SHOWN)} are not finite` : ''
    const gradient = largest ? `; the largest gradient is ${largest.parameter}'s, ${largest.norm}` : ''
    const files = paths.length > 0 ? `; the batch: ${abridge(paths, SHOWN)}` : ''
    const remedy = 'try a lower learning rate, warm-up or gradient clipping'
    super(
      during === 'validation'
        ? `After step ${step}: the loss on the validation images is ${loss}; ${remedy}`
        : `Step ${step}: the loss is ${loss}${moved}${gradient}${files}. The weights are as they were before this step; ${remedy}`
    )
    this.step = step
    this.loss = loss
    this.largest = largest
    this.weights = weights
    this.paths = paths
    this.during = during
  }
}
