// What can go wrong while a network is trained.
import { ResnetError } from '../tensor/errors.js'

/** A batch, an option or a step that cannot be trained with. */
export class TrainError extends ResnetError {}

/** A gradient, named after its parameter. */
export interface NamedGradient {
  readonly parameter: string
  /** `‖g‖₂`; not a number, or infinite, where training broke down. */
  readonly norm: number
}

/** A message names so many of a batch's files. */
const SHOWN_PATHS = 8

/** A step whose loss or gradients are no longer finite. The network is as it was before the step. */
export class NonFiniteError extends TrainError {
  /** The step, counted from 1. */
  readonly step: number
  readonly loss: number
  /** The largest gradient; one that is not finite counts as larger than all others. */
  readonly largest: NamedGradient | undefined
  /** The files of the batch, where they are known. */
  readonly paths: readonly string[]

  constructor(step: number, loss: number, largest: NamedGradient | undefined, paths: readonly string[] = []) {
    const gradient = largest ? `; the largest gradient is ${largest.parameter}'s, ${largest.norm}` : ''
    const shown = paths.slice(0, SHOWN_PATHS).join(', ')
    const more = paths.length > SHOWN_PATHS ? ` and ${paths.length - SHOWN_PATHS} more` : ''
    const files = paths.length > 0 ? `; the batch: ${shown}${more}` : ''
    super(
      `Step ${step}: the loss is ${loss}${gradient}${files}. The weights are as they were before this step; try a lower learning rate, warm-up or gradient clipping`
    )
    this.step = step
    this.loss = loss
    this.largest = largest
    this.paths = paths
  }
}
