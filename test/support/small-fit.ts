// A small setup for tests of `fit`: a network with dropout, on noise with bands, for a few epochs.
import { cosineLr, type Trainer } from 'resnet-ts'
import type { BatchSource } from 'resnet-ts/train'
import { start } from './small-trainer.js'
import { convNet, manyBands } from './small-training.js'

export const BATCHES = 4
export const EPOCHS = 3

/** Batches that differ from epoch to epoch. */
export function source(batches = BATCHES, size = 8): BatchSource {
  return {
    length: batches,
    epoch: (index, { from = 0 } = {}) => manyBands(batches, size, 1000 * (index + 1)).slice(from)
  }
}
export const validation: BatchSource = { length: 2, epoch: () => manyBands(2, 10, 77) }

/** A new trainer, always with the same initial state. */
export function startRun(): Promise<Trainer> {
  return start(convNet({ dropout: 0.2 }), {
    schedule: cosineLr(BATCHES * EPOCHS),
    ema: { decay: 0.7 },
    seed: 4
  })
}
