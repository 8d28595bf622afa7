// Data sets: labels are known at once, pixels are read on demand. Those made of pixels in memory and of other data sets.
import { counted, thereAre } from '../base/figures.js'
import { PathError } from '../base/errors.js'
import {
  aFunction,
  aString,
  checkOptions,
  listOf,
  oneOf,
  required,
  shown,
  wholeNumber,
  anObject,
  checkArguments,
  type Check,
  type MakeFault
} from '../base/options.js'
import { abridge, quote } from '../base/words.js'
import type { ImageSize, Picture } from '../images/picture.js'

export type { Picture } from '../images/picture.js'

/** The source of a sample's pixels: a file, by path or URL or itself, or decoded pixels. Plain data, for workers. */
export type SampleSource = { readonly path: string | Blob } | { readonly picture: Picture }

/** Labelled pictures by index (torch: a map-style `torch.utils.data.Dataset`). */
export interface Dataset {
  /** Number of samples. */
  readonly length: number
  /** Class names, by label. */
  readonly classes: readonly string[]
  /** A label for every sample. Shape: (length). */
  readonly labels: Int32Array
  /** Channels of decoded pixels. */
  readonly channels: 1 | 3
  /** A sample's source, without decoding. @throws DatasetError for an index out of range. */
  source(index: number): SampleSource
}

/** A data set that cannot be read or used; the message names the file or the option. */
export class DatasetError extends PathError {}

/** A picture's file that cannot be read. */
export class UnreadableError extends DatasetError {}

/** An unusable sample that is not a file of its own. */
export class SampleError extends DatasetError {
  constructor(index: number, fault: string) {
    super(`sample ${index}`, fault)
  }
}

export const datasetFault: MakeFault = (owner, fault) => new DatasetError(owner, fault)

const someLabels: Check<Int32Array> = {
  expected: 'an Int32Array of labels',
  accepts: value => ArrayBuffer.isView(value) || Array.isArray(value)
}
const DATASET = {
  length: required(wholeNumber(0)),
  classes: required(listOf(aString)),
  labels: required(someLabels),
  channels: required(oneOf(1, 3)),
  source: required(aFunction())
}

/**
 * Checks a data set of unknown origin; its pixels are not read.
 * @param owner who was given it, for messages.
 * @throws DatasetError when it is none, or has not one known label for each sample.
 */
export function assertDataset(owner: string, dataset: Dataset): void {
  const found: unknown = dataset
  if (typeof found !== 'object' || found === null) {
    throw new DatasetError(owner, `expected a data set, got ${shown(found)}`)
  }
  const { length, classes, labels, channels, source } = dataset
  checkOptions(owner, { length, classes, labels, channels, source }, DATASET, datasetFault)
  if (labels.length !== length) {
    throw new DatasetError(
      owner,
      `the data set has ${counted(length, 'sample', 'samples')}, but ${counted(labels.length, 'label', 'labels')}`
    )
  }
  assertLabels(owner, labels, classes)
}

function assertLabels(name: string, labels: Int32Array, classes: readonly string[]): void {
  const stray = labels.findIndex(label => label < 0 || label >= classes.length)
  if (stray < 0) return
  throw new DatasetError(
    name,
    `sample ${stray} has label ${labels[stray]}, but ${thereAre(classes.length, 'class', 'classes')}`
  )
}

/** A data set with a sample for each label; its `source` refuses other indices. */
export function datasetOf({ labels, source, ...parts }: Omit<Dataset, 'length'>): Dataset {
  const { length } = labels
  const checked: Dataset['source'] = index => {
    assertIndex(index, length)
    return source(index)
  }
  return { ...parts, length, labels, source: checked }
}

/** @param owner who was given the index; default a use of the data set. */
function assertIndex(index: number, length: number, owner?: string): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return
  const fault = `has ${counted(length, 'sample', 'samples')}, and none at index ${index}`
  if (owner !== undefined) throw new DatasetError(owner, `the data set ${fault}`)
  throw new DatasetError('the data set', fault)
}

/** Labelled pictures of equal size. */
export interface PackedPictures extends ImageSize, Pick<Dataset, 'channels' | 'classes'> {
  /** Concatenated pictures. Shape: (samples, height, width, channels). */
  readonly data: Uint8Array
  /** Shape: (samples). */
  readonly labels: ArrayLike<number>
}

/**
 * A data set in memory (torchvision: `data` and `targets` of `MNIST` and `CIFAR10`).
 * @param pictures kept, not copied.
 * @param name the name in messages.
 * @throws DatasetError when the data does not match the labels, or a label has no class.
 */
export function packedDataset(pictures: PackedPictures, name = 'packedDataset'): Dataset {
  checkArguments(
    'packedDataset',
    { pictures },
    { pictures: anObject<PackedPictures>('pictures with their labels', 'labels') }
  )
  const { width, height, channels, data, classes } = pictures
  const labels = Int32Array.from(pictures.labels)
  const size = height * width * channels
  const isSized = [width, height].every(side => Number.isInteger(side) && side > 0)
  if (!isSized || data.length !== labels.length * size) {
    throw new DatasetError(
      name,
      `${counted(labels.length, 'picture', 'pictures')} of ${height} × ${width} × ${channels} cannot be ${counted(data.length, 'byte', 'bytes')}`
    )
  }
  assertLabels(name, labels, classes)
  return datasetOf({
    classes,
    labels,
    channels,
    // Copied, since sending a view to a worker would clone the whole buffer.
    source: index => ({
      picture: { width, height, channels, data: data.slice(index * size, (index + 1) * size) }
    })
  })
}

/**
 * Selects samples by `indices`, which may repeat (torch: `Subset`); the classes stay the same.
 * @throws DatasetError for an index out of range.
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  assertDataset('subset', dataset)
  const { length, classes, channels } = dataset
  checkOptions('subset', { indices }, { indices: required(INDICES) }, datasetFault)
  const chosen = Array.from(indices)
  for (const index of chosen) assertIndex(index, length, 'subset')
  const labels = Int32Array.from(chosen, index => dataset.labels[index])
  return datasetOf({ classes, channels, labels, source: index => dataset.source(chosen[index]) })
}

const INDICES = anObject<ArrayLike<number>>('an array of indices', 'length')
const SEVERAL: Check<readonly Dataset[]> = { expected: 'an array of data sets', accepts: Array.isArray }

/**
 * Concatenates data sets (torch: `ConcatDataset`).
 * @throws DatasetError when there is none, or their classes or channels differ.
 */
export function concatenateDatasets(datasets: readonly Dataset[]): Dataset {
  checkArguments('concatenateDatasets', { datasets }, { datasets: SEVERAL })
  for (const dataset of datasets) assertDataset('concatenateDatasets', dataset)
  const [first, ...rest] = datasets
  if (!first) throw new DatasetError('concatenateDatasets', 'needs at least one data set')
  for (const { channels, classes } of rest) {
    const isAlike = channels === first.channels && JSON.stringify(classes) === JSON.stringify(first.classes)
    if (!isAlike)
      throw new DatasetError('concatenateDatasets', 'the data sets differ in their classes or channels')
  }
  let length = 0
  const starts = datasets.map(dataset => (length += dataset.length) - dataset.length)
  const labels = new Int32Array(length)
  for (const [part, start] of starts.entries()) labels.set(datasets[part].labels, start)
  return datasetOf({
    classes: first.classes,
    labels,
    channels: first.channels,
    source: index => {
      // The last part starting at or before the index, since empty parts start where the next one does.
      const part = starts.findLastIndex(start => start <= index)
      return datasets[part].source(index - starts[part])
    }
  })
}

/**
 * Relabels samples by another list of classes.
 * @param name the data set's name, for errors.
 * @throws DatasetError naming a class that is not in the list.
 */
export function relabel(dataset: Dataset, classes: readonly string[], name?: string): Dataset {
  assertDataset(name ?? 'relabel', dataset)
  checkOptions('relabel', { classes }, { classes: DATASET.classes }, datasetFault)
  const places = new Map(classes.map((known, index) => [known, index]))
  const table = dataset.classes.map(known => {
    const index = places.get(known)
    if (index !== undefined) return index
    const own = abridge(classes.map(quote), 5)
    throw new DatasetError(
      name ?? 'the data set',
      `has a class ${quote(known)} that the network does not know: it knows ${own}`
    )
  })
  const labels = Int32Array.from(dataset.labels, label => table[label])
  return datasetOf({ classes, channels: dataset.channels, labels, source: index => dataset.source(index) })
}

/**
 * Rejects data sets without samples or with a single class.
 * @param name the name in messages.
 * @throws DatasetError when training is not possible.
 */
export function assertTrainable(dataset: Dataset, name = 'the data set'): void {
  assertDataset(name, dataset)
  const { length, classes, labels } = dataset
  if (length === 0) throw new DatasetError(name, 'has no samples to learn from')
  const [only, ...others] = new Set(labels)
  if (others.length > 0) return
  const label = quote(classes[only])
  const what =
    classes.length === 1
      ? `one class only, ${label}`
      : `samples of one class only, ${label}, of the ${classes.length} it names`
  throw new DatasetError(name, `has ${what}; to tell classes apart takes two or more`)
}
