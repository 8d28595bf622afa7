// What can go wrong while a network is trained.
import { abridge } from '../base/words.js'
import { ResnetError } from '../base/errors.js'

/** A batch, an option or a step that cannot be trained with. */
export class TrainError extends ResnetError {}

/** A gradient, named after its parameter. */
export interface NamedGradient {
  readonly parameter: string
  /** `‖g‖₂`; NaN or infinite where training diverged. */
  readonly norm: number
}

/** How many files or parameters a message names. */
const SHOWN = 8

/** What is known of a step that diverged. */
export interface TrainingBreakdown {
  /** The step, counted from 1. */
  readonly step: number
  readonly loss: number
  /** The largest gradient; one that is not finite counts as larger than all others. */
  readonly largest: NamedGradient | undefined
  /** The parameters whose new values would not be finite. */
  readonly weights: readonly string[]
  /** The files of the batch, where they are known. */
  readonly paths: readonly string[]
}

/** A step whose loss, gradients or new weights are not finite. The network is as it was before the step. */
export class NonFiniteError extends TrainError implements TrainingBreakdown {
  readonly step: number
  readonly loss: number
  readonly largest: NamedGradient | undefined
  readonly weights: readonly string[]
  readonly paths: readonly string[]

  constructor({ step, loss, largest, weights, paths }: TrainingBreakdown) {
    // If the loss or a gradient is not finite, neither are the weights: only the cause is named.
    const isCause = [loss, largest?.norm].every(Number.isFinite)
    const moved =
      isCause && weights.length > 0 ? `, but the new values of ${abridge(weights, SHOWN)} are not finite` : ''
    const gradient = largest ? `; the largest gradient is ${largest.parameter}'s, ${largest.norm}` : ''
    const files = paths.length > 0 ? `; the batch: ${abridge(paths, SHOWN)}` : ''
    super(
      `Step ${step}: the loss is ${loss}${moved}${gradient}${files}. The weights are as they were before this step; try a lower learning rate, warm-up or gradient clipping`
    )
    this.step = step
    this.loss = loss
    this.largest = largest
    this.weights = weights
    this.paths = paths
  }
}
