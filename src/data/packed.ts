import { assertIndex, DatasetError, type Dataset } from './dataset.js'

/** Labelled pictures of equal size. */
export interface PackedPictures {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  readonly channels: 1 | 3
  /** Concatenated pictures. Shape: (samples, height, width, channels). */
  readonly data: Uint8Array
  /** Shape: (samples). */
  readonly labels: ArrayLike<number>
  /** Class names, by label. */
  readonly classes: readonly string[]
}

/**
 * A data set in memory (torchvision: `data` and `targets` of `MNIST` and `CIFAR10`).
 * @param pictures kept, not copied.
 * @param name the name in messages.
 * @throws DatasetError when the data does not match the labels, or a label has no class.
 */
export function packedDataset(pictures: PackedPictures, name = 'packedDataset'): Dataset {
  const { width, height, channels, data, classes } = pictures
  const labels = Int32Array.from(pictures.labels)
  const size = height * width * channels
  const isSized = [width, height].every(side => Number.isInteger(side) && side > 0)
  if (!isSized || data.length !== labels.length * size) {
    throw new DatasetError(
      name,
      `${labels.length} pictures of ${height} × ${width} × ${channels} are not ${data.length} bytes`
    )
  }
  const stray = labels.findIndex(label => !(label >= 0 && label < classes.length))
  if (stray >= 0) {
    throw new DatasetError(
      name,
      `sample ${stray} has label ${labels[stray]}, but there are ${classes.length} classes`
    )
  }
  return {
    length: labels.length,
    classes,
    labels,
    channels,
    source(index) {
      assertIndex(index, labels.length)
      // Copied, since sending a view to a worker would clone the whole buffer.
      return { picture: { width, height, channels, data: data.slice(index * size, (index + 1) * size) } }
    }
  }
}
