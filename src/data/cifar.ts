// CIFAR-10 and CIFAR-100 in their binary version. Source: https://www.cs.toronto.edu/~kriz/cifar.html.
import { aBoolean, checkOptions, required, type OptionsOf } from '../base/options.js'
import { fileName, type FilePath } from '#platform'
import { concatenateDatasets, DatasetError, packedDataset, type Dataset } from './dataset.js'
import { fileIn, readDataFile, type DataFolder } from './data-files.js'

const OPTIONS = {
  /** The 50,000 training samples, or the 10,000 test samples. */
  train: required(aBoolean)
}

/** Options of `cifar10` and `cifar100`. */
export interface CifarOptions extends OptionsOf<typeof OPTIONS> {}

const SIDE = 32
const PLANE = SIDE * SIDE
const CHANNELS = 3
const PICTURE = CHANNELS * PLANE

interface Variant {
  readonly trainFiles: readonly string[]
  readonly testFile: string
  readonly namesFile: string
  /** Number of values of each label in a record, coarse to fine; the last is used. */
  readonly labelCounts: readonly number[]
}

const CIFAR_10: Variant = {
  trainFiles: [1, 2, 3, 4, 5].map(batch => `data_batch_${batch}.bin`),
  testFile: 'test_batch.bin',
  namesFile: 'batches.meta.txt',
  labelCounts: [10]
}
const CIFAR_100: Variant = {
  trainFiles: ['train.bin'],
  testFile: 'test.bin',
  namesFile: 'fine_label_names.txt',
  labelCounts: [20, 100]
}

/**
 * Reads CIFAR-10 from the folder `cifar-10-batches-bin` of its binary version (torchvision: `CIFAR10`, which reads the
 * version for Python; the samples and their order are the same). A page gives the folder's address, or its files.
 * @throws DatasetError naming the file that is missing or damaged.
 * @example
 * const train = await cifar10('data/cifar-10-batches-bin', { train: true })
 */
export async function cifar10(folder: DataFolder, options: CifarOptions): Promise<Dataset> {
  return read(folder, CIFAR_10, checkOptions('cifar10', options, OPTIONS))
}

/**
 * Reads CIFAR-100, by its fine labels, from the folder `cifar-100-binary` of its binary version
 * (torchvision: `CIFAR100`, which reads the version for Python; the samples and their order are the same).
 * @throws DatasetError naming the file that is missing or damaged.
 */
export async function cifar100(folder: DataFolder, options: CifarOptions): Promise<Dataset> {
  return read(folder, CIFAR_100, checkOptions('cifar100', options, OPTIONS))
}

async function read(folder: DataFolder, variant: Variant, { train }: CifarOptions): Promise<Dataset> {
  const classes = await readNames(await fileIn(folder, variant.namesFile), variant.labelCounts)
  const files = train ? variant.trainFiles : [variant.testFile]
  const batches: Dataset[] = []
  for (const file of files) {
    const path = await fileIn(folder, file)
    batches.push(parseCifarBatch(await readDataFile(path), fileName(path), { ...variant, classes }))
  }
  return concatenateDatasets(batches)
}

async function readNames(file: FilePath, labelCounts: readonly number[]): Promise<string[]> {
  const path = fileName(file)
  const text = new TextDecoder().decode(await readDataFile(file))
  const names = text.split('\n').map(line => line.trim())
  const classes = names.filter(name => name !== '')
  const count = labelCounts[labelCounts.length - 1]
  if (classes.length !== count) {
    throw new DatasetError(
      path,
      `has ${classes.length} names of classes, one a line, where ${count} are expected`
    )
  }
  if (new Set(classes).size !== count) throw new DatasetError(path, 'names a class twice')
  return classes
}

/**
 * Parses a file's bytes into interleaved pixels.
 * @param path the name in messages.
 * @throws DatasetError for incomplete records or a label out of range.
 */
export function parseCifarBatch(
  bytes: Uint8Array,
  path: string,
  { labelCounts, classes }: Pick<Variant, 'labelCounts'> & Pick<Dataset, 'classes'>
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
