// An epoch's sample order and random seeds. Both depend only on a sample's position in the run, so that any batch can be
// reproduced on its own.
import { deriveSeed, RandomGenerator } from '../tensor/random/generator.js'
import type { Dataset } from './dataset.js'
import { classBalancedOrder, sequentialOrder, shuffledOrder } from './sampler.js'

/** Unshuffled, shuffled, or class-balanced. */
export type SampleOrder = boolean | 'balanced'

export interface PlanOptions {
  readonly batchSize: number
  readonly shuffle: SampleOrder
  readonly dropLast: boolean
  readonly seed: number
}

/** A batch before its pictures are read. */
export interface PlannedBatch {
  /** Indices of samples. */
  readonly indices: Int32Array
  /** Seeds of each sample's augmentation. */
  readonly seeds: readonly number[]
  /** Seed for mixing the batch. */
  readonly mixSeed: number
}

// Separate seeds per purpose, so that no two draw the same numbers.
const [ORDER, AUGMENTATION, MIXING] = [1, 2, 3]

export function countBatches(samples: number, { batchSize, dropLast }: PlanOptions): number {
  return dropLast ? Math.floor(samples / batchSize) : Math.ceil(samples / batchSize)
}

export function planEpoch(dataset: Dataset, options: PlanOptions, epoch: number): PlannedBatch[] {
  const { batchSize, seed } = options
  const order = orderOf(dataset, options, epoch)
  return Array.from({ length: countBatches(order.length, options) }, (_, batch) => {
    const start = batch * batchSize
    const indices = order.slice(start, start + batchSize)
    return {
      indices,
      // By position, so that a sample drawn twice is augmented differently.
      seeds: Array.from(indices, (_index, i) => deriveSeed(seed, AUGMENTATION, epoch, start + i)),
      mixSeed: deriveSeed(seed, MIXING, epoch, batch)
    }
  })
}

function orderOf(
  { length, labels, classes }: Dataset,
  { shuffle, seed }: PlanOptions,
  epoch: number
): Int32Array {
  if (shuffle === false) return sequentialOrder(length)
  const generator = new RandomGenerator(deriveSeed(seed, ORDER, epoch))
  return shuffle === true
    ? shuffledOrder(length, generator)
    : classBalancedOrder(labels, classes.length, generator)
}
