// Reads a file of CIFAR's binary version: records of labels and colour planes.
import { DatasetError, type Dataset } from './dataset.js'
import { packedDataset } from './packed.js'

const SIDE = 32
const PLANE = SIDE * SIDE
const CHANNELS = 3
const PICTURE = CHANNELS * PLANE

/** The labels of a record. */
export interface CifarLabels {
  /** Number of values of each label in a record, coarse to fine; the last is used. */
  readonly labelCounts: readonly number[]
  /** Class names. */
  readonly classes: readonly string[]
}

/**
 * Parses a file's bytes into interleaved pixels.
 * @param path the name in messages.
 * @throws DatasetError for incomplete records or a label out of range.
 */
export function parseCifarBatch(
  bytes: Uint8Array,
  path: string,
  { labelCounts, classes }: CifarLabels
): Dataset {
  const recordBytes = labelCounts.length + PICTURE
  const count = bytes.length / recordBytes
  if (!Number.isInteger(count) || count === 0) {
    throw new DatasetError(path, `has ${bytes.length} bytes, expected one or more records of ${recordBytes}`)
  }
  const labels = new Int32Array(count)
  const data = new Uint8Array(count * PICTURE)
  for (let i = 0; i < count; i++) {
    const record = bytes.subarray(i * recordBytes, (i + 1) * recordBytes)
    const stray = labelCounts.findIndex((values, l) => record[l] >= values)
    if (stray >= 0) {
      throw new DatasetError(
        path,
        `record ${i} has label ${record[stray]}, expected 0 to ${labelCounts[stray] - 1}`
      )
    }
    labels[i] = record[labelCounts.length - 1]
    interleave(record.subarray(labelCounts.length), data.subarray(i * PICTURE))
  }
  return packedDataset({ width: SIDE, height: SIDE, channels: CHANNELS, data, labels, classes }, path)
}

function interleave(planes: Uint8Array, pixels: Uint8Array): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let p = 0; p < PLANE; p++) pixels[CHANNELS * p + channel] = planes[channel * PLANE + p]
  }
}
