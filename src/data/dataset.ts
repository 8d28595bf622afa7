// The interface of a data set: its labels are known at once, its pixels are fetched when they are needed.
import type { Picture } from '../images/picture.js'
import { PathError } from '../base/errors.js'

export type { Picture } from '../images/picture.js'

/**
 * Where the pixels of a sample come from: a file still to be decoded, by its path (in a page its address) or itself, or
 * pixels in memory.
 *
 * Plain data, so that it can cross to a worker thread.
 */
export type SampleSource = { readonly path: string | Blob } | { readonly picture: Picture }

/** Labelled pictures by index (torch: a map-style `torch.utils.data.Dataset`). */
export interface Dataset {
  /** How many samples there are. */
  readonly length: number
  /** The names of the classes, by label. */
  readonly classes: readonly string[]
  /** Of every sample, known without decoding. Shape: (length). */
  readonly labels: Int32Array
  /** What a sample's pixels have once they are decoded. */
  readonly channels: 1 | 3
  /**
   * Where a sample's pixels come from; cheap, and decodes nothing.
   * @throws DatasetError when there is no such sample.
   */
  source(index: number): SampleSource
}

/** A data set that cannot be read or used; the message names the file, or what was asked of it. */
export class DatasetError extends PathError {}

/** A sample that is not a file of its own, and cannot be used. */
export class SampleError extends DatasetError {
  constructor(index: number, fault: string) {
    super(`sample ${index}`, fault)
  }
}

/** @throws DatasetError when `index` is not one of `length` samples. */
export function assertIndex(index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return
  throw new DatasetError('the data set', `has ${length} samples, and none at index ${index}`)
}

/**
 * Some samples of a data set, in the order of `indices`, which may repeat (torch: `Subset`).
 *
 * The classes stay the same, even those of which no sample is left.
 * @throws DatasetError when an index is not one of the data set's.
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const chosen = Array.from(indices)
  for (const index of chosen) assertIndex(index, dataset.length)
  return {
    length: chosen.length,
    classes: dataset.classes,
    labels: Int32Array.from(chosen, index => dataset.labels[index]),
    channels: dataset.channels,
    source(index) {
      assertIndex(index, chosen.length)
      return dataset.source(chosen[index])
    }
  }
}
