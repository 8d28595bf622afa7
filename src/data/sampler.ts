// Sample orders, equal to torch's samplers draw for draw.
import { thereAre } from '../base/figures.js'
import { permutation, RandomGenerator } from '../tensor/random/generator.js'
import { DatasetError, assertDataset, datasetFault, subset, type Dataset } from './dataset.js'
import {
  checkOptions,
  properShare,
  required,
  type Check,
  checkArguments,
  shown,
  instanceOf,
  positiveInteger
} from '../base/options.js'

// From this length on, torch draws 64 bits per element.
const MAX_SHUFFLED = Math.floor((2 ** 32 - 1) / 20)

/**
 * 0, 1, … `length` − 1 (torch: `SequentialSampler`). Shape: (length).
 * @throws DatasetError when the length is out of range.
 */
export function sequentialOrder(length: number): Int32Array {
  assertCount('sequentialOrder', length)
  return Int32Array.from({ length }, (_, index) => index)
}

/**
 * A random permutation (torch: `torch.randperm(length, generator=generator)`, number for number).
 *
 * Shape: (length). torch's `RandomSampler` first draws a seed from the default generator, unless given one.
 * @throws DatasetError when the length is out of range.
 * @example
 * Array.from(shuffledOrder(5, new RandomGenerator(0))) // [4, 0, 1, 3, 2]
 */
export function shuffledOrder(length: number, generator: RandomGenerator): Int32Array {
  assertCount('shuffledOrder', length)
  checkArguments('shuffledOrder', { generator }, { generator: instanceOf(RandomGenerator) })
  return permutation(length, generator)
}

/**
 * Draws `count` samples with replacement, all classes equally likely
 * (torch: `WeightedRandomSampler` with a weight of 1 / samples of its class each, number for number).
 *
 * Shape: (count). PyTorch difference: a single draw may differ, as torch uses another method.
 * @param labels labels of all samples, as `Dataset.labels`.
 * @param classes number of classes; empty ones are never drawn.
 * @param count default the number of samples.
 * @throws DatasetError for a label out of range, or without samples.
 */
export function classBalancedOrder(
  labels: Int32Array,
  classes: number,
  generator: RandomGenerator,
  count?: number
): Int32Array {
  checkArguments(
    'classBalancedOrder',
    { labels, classes, generator },
    { labels: instanceOf(Int32Array), classes: positiveInteger, generator: instanceOf(RandomGenerator) }
  )
  const draws = count ?? labels.length
  assertCount('classBalancedOrder', draws)
  if (labels.length === 0 && draws > 0)
    throw new DatasetError('classBalancedOrder', 'there are no samples to draw')
  const cumulative = cumulativeShares(labels, classes)
  const words = generator.words(2 * draws)
  return Int32Array.from({ length: draws }, (_, i) => {
    // A float64 in [0, 1) from two words, as in torch.
    const drawn = ((words[2 * i] & 0x1fffff) * 2 ** 32 + words[2 * i + 1]) * 2 ** -53
    return firstAtLeast(cumulative, drawn)
  })
}

/** Cumulative weights, summed in torch's order. */
function cumulativeShares(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (const label of labels) {
    if (!(label >= 0 && label < classes)) {
      throw new DatasetError(
        'classBalancedOrder',
        `${thereAre(classes, 'class', 'classes')}, but a sample has label ${label}`
      )
    }
    counts[label]++
  }
  let sum = 0
  const cumulative = Float64Array.from(labels, label => (sum += 1 / counts[label]))
  for (let i = 0; i < cumulative.length; i++) cumulative[i] /= sum
  return cumulative.fill(1, -1)
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

function assertCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 0 && count < MAX_SHUFFLED) return
  throw new DatasetError(name, `expected a whole number from 0 to ${MAX_SHUFFLED - 1}, got ${shown(count)}`)
}

/** Training and validation parts. */
export interface DatasetSplit {
  readonly train: Dataset
  readonly validation: Dataset
}

const aSeed: Check<number | bigint> = {
  expected: 'a whole number, such as 0, to split in the same way each time',
  accepts: value => typeof value === 'bigint' || Number.isSafeInteger(value)
}
const aFraction = { ...properShare, expected: 'a number between 0 and 1' }
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
  const membersByClass = dataset.classes.map((): number[] => [])
  dataset.labels.forEach((label, index) => membersByClass[label].push(index))
  for (const members of membersByClass) {
    if (members.length < 2) continue
    const wanted = Math.round(members.length * fraction)
    const count = Math.min(Math.max(wanted, 1), members.length - 1)
    for (const place of shuffledOrder(members.length, generator).subarray(0, count))
      isHeldBack[members[place]] = 1
  }
  if (!isHeldBack.includes(1)) {
    throw new DatasetError('randomSplit', 'no class has two samples, so none can be held out')
  }
  const places = [...isHeldBack.keys()]
  const part = (held: number): number[] => places.filter(index => isHeldBack[index] === held)
  return { train: subset(dataset, part(0)), validation: subset(dataset, part(1)) }
}
