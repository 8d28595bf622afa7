// A place in a run between two batches, as a loop goes on from it and a checkpoint holds it.
import { OptionError } from '../base/errors.js'
import { finiteNumber, numberFrom } from '../base/options.js'
import { checkedBy, partOf, SchemaError } from '../base/schema.js'
import { norms, steps } from './record/record.js'

/** A position between two batches, and the epoch's statistics so far. */
export interface TrainingPosition {
  /** From 0. */
  readonly epoch: number
  /** Batches done in the epoch. */
  readonly batch: number
  readonly images: number
  /** Sum over images. */
  readonly loss: number
  /** Correctly classified images among those with class labels. */
  readonly correct: number
  readonly labelled: number
  /** Duration of the epoch so far. */
  readonly seconds: number
  readonly learningRate: number
  /** `‖g‖₂` of each layer's weights in the last batch. */
  readonly gradientNorms: Readonly<Record<string, number>>
}

/** The start of an epoch. */
export function startOfEpoch(epoch: number): TrainingPosition {
  return {
    epoch,
    batch: 0,
    images: 0,
    loss: 0,
    correct: 0,
    labelled: 0,
    seconds: 0,
    learningRate: 0,
    gradientNorms: {}
  }
}

const amount = checkedBy(numberFrom(0))

/** Reads a position from data. */
export const readPosition = partOf<TrainingPosition>({
  epoch: steps,
  batch: steps,
  images: steps,
  loss: checkedBy(finiteNumber),
  correct: amount,
  labelled: steps,
  seconds: amount,
  learningRate: checkedBy(finiteNumber),
  gradientNorms: norms
})

/** Checks the position that a caller gives. @throws OptionError naming what is wrong in it. */
export function checkedPosition(from: unknown): TrainingPosition {
  try {
    return readPosition(from, 'from')
  } catch (error) {
    throw error instanceof SchemaError ? new OptionError('fit', error.message, { cause: error }) : error
  }
}
