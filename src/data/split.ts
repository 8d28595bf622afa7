import { checkOptions, required, type Check } from '../base/options.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { assertDataset, datasetFault, DatasetError, subset, type Dataset } from './dataset.js'
import { shuffledOrder } from './sampler.js'

/** Training and validation parts. */
export interface DatasetSplit {
  readonly train: Dataset
  readonly validation: Dataset
}

const aSeed: Check<number | bigint> = {
  expected: 'a whole number, such as 0, to split in the same way each time',
  accepts: value => typeof value === 'bigint' || Number.isSafeInteger(value)
}
const aFraction: Check<number> = {
  expected: 'a number between 0 and 1',
  accepts: value => typeof value === 'number' && value > 0 && value < 1
}
const ARGUMENTS = { fraction: required(aFraction), seed: required(aSeed) }

/**
 * Holds out a random part of every class; equal seeds give equal splits
 * (scikit-learn: `train_test_split(stratify=labels)`; torch's `random_split` does not look at classes).
 *
 * A class of two or more samples is in both parts, a single sample in `train`. Both parts keep the data set's order.
 * @param fraction share of each class for validation, rounded; between 0 and 1.
 * @param seed as for `manualSeed`.
 * @throws DatasetError when the fraction is not between 0 and 1, or no class has two samples.
 * @example
 * const { train, validation } = randomSplit(await imageFolder('flowers'), 0.2, 0)
 */
export function randomSplit(dataset: Dataset, fraction: number, seed: number | bigint): DatasetSplit {
  assertDataset('randomSplit', dataset)
  checkOptions('randomSplit', { fraction, seed }, ARGUMENTS, datasetFault)
  const generator = new RandomGenerator(seed)
  const isHeldBack = new Uint8Array(dataset.length)
  for (const members of membersByClass(dataset)) {
    if (members.length < 2) continue
    const wanted = Math.round(members.length * fraction)
    const count = Math.min(Math.max(wanted, 1), members.length - 1)
    for (const place of shuffledOrder(members.length, generator).subarray(0, count))
      isHeldBack[members[place]] = 1
  }
  if (!isHeldBack.includes(1)) {
    throw new DatasetError('randomSplit', 'no class has two samples, so none can be held out')
  }
  const all = Array.from(isHeldBack, (_, index) => index)
  const part = (held: number): Dataset =>
    subset(
      dataset,
      all.filter(index => isHeldBack[index] === held)
    )
  return { train: part(0), validation: part(1) }
}

function membersByClass({ labels, classes }: Dataset): number[][] {
  const members = classes.map((): number[] => [])
  labels.forEach((label, index) => members[label].push(index))
  return members
}
