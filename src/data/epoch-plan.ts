// The order in which an epoch visits samples, and the seeds of everything random about it. Both follow from a sample's
// place in the run, so any batch can be made on its own and reproduced.
import { deriveSeed } from '../tensor/random/derive-seed.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import type { Dataset } from './dataset.js'
import { classBalancedOrder, sequentialOrder, shuffledOrder } from './sampler.js'

/** In which order samples come: as they are, at random, or at random with every class equally often. */
export type SampleOrder = boolean | 'balanced'

/** What an epoch's order depends on. */
export interface PlanOptions {
  readonly batchSize: number
  readonly shuffle: SampleOrder
  readonly dropLast: boolean
  readonly seed: number
}

/** A batch before its pictures are fetched. */
export interface PlannedBatch {
  /** Of the data set's samples. */
  readonly indices: Int32Array
  /** What each sample's augmentation is drawn from. */
  readonly seeds: readonly number[]
  /** What mixing the batch is drawn from. */
  readonly mixSeed: number
}

// A seed is derived for each purpose, so that no two of them draw the same numbers.
const [ORDER, AUGMENTATION, MIXING] = [1, 2, 3]

/** How many batches an epoch has. */
export function countBatches(samples: number, { batchSize, dropLast }: PlanOptions): number {
  return dropLast ? Math.floor(samples / batchSize) : Math.ceil(samples / batchSize)
}

/** The batches of an epoch. */
export function planEpoch(dataset: Dataset, options: PlanOptions, epoch: number): PlannedBatch[] {
  const { batchSize, seed } = options
  const order = orderOf(dataset, options, epoch)
  return Array.from({ length: countBatches(order.length, options) }, (_, batch) => {
    const start = batch * batchSize
    const indices = order.slice(start, start + batchSize)
    return {
      indices,
      // By place and not by index, so that a sample drawn twice is augmented in two ways.
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
