// The interface of data sets: labels are known at once, pixels are read on demand.
import type { Picture } from '../images/picture.js'
import { PathError } from '../base/errors.js'

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

/** An unusable sample that is not a file of its own. */
export class SampleError extends DatasetError {
  constructor(index: number, fault: string) {
    super(`sample ${index}`, fault)
  }
}

/** @throws DatasetError for an index out of range. */
export function assertIndex(index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return
  throw new DatasetError('the data set', `has ${length} samples, and none at index ${index}`)
}

/**
 * Selects samples by `indices`, which may repeat (torch: `Subset`); the classes stay the same.
 * @throws DatasetError for an index out of range.
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
