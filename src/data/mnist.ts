import { counted } from '../base/figures.js'
import {
  aBoolean,
  aString,
  checkedLater,
  checkOptions,
  listOf,
  required,
  type OptionsOf
} from '../base/options.js'
import { FileError, fileName, type FilePath } from '#platform'
import { fileIn, type DataFolder } from './data-files.js'
import { DatasetError, packedDataset, type Dataset } from './dataset.js'
import type { IdxArray } from './idx.js'

const { round } = Math

const OPTIONS = {
  /** The 60,000 training samples, or the 10,000 test samples. */
  train: required(aBoolean),
  /** Class names; default "0" to "9". */
  classes: listOf(aString)
}

/** Options of `mnist`. */
export interface MnistOptions extends OptionsOf<typeof OPTIONS> {}

const DIGITS = Array.from('0123456789')
const FASHION = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',')

/**
 * Reads MNIST, or data sets with the same file names, from a folder (torchvision: `MNIST`, without the download).
 *
 * The folder holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
 * `t10k-labels-idx1-ubyte`, each plain or with `.gz`. Pictures have one channel. In a page, give the folder's URL or the
 * files.
 * @throws DatasetError naming the file that is missing, damaged, or does not fit the other.
 * @example
 * const train = await mnist('data/MNIST/raw', { train: true })
 */
export async function mnist(folder: DataFolder, options: MnistOptions): Promise<Dataset> {
  checkOptions('mnist', options, OPTIONS)
  const { train, classes = DIGITS } = options
  const half = train ? 'train' : 't10k'
  const images = await readPart(folder, `${half}-images-idx3-ubyte`, 3)
  const labels = await readPart(folder, `${half}-labels-idx1-ubyte`, 1)
  const [count, height, width] = images.shape
  if (count === 0 || height === 0 || width === 0) throw new DatasetError(images.path, 'has no pixels')
  if (labels.data.length !== count) {
    throw new DatasetError(
      labels.path,
      `has ${counted(labels.data.length, 'label', 'labels')} for ${counted(count, 'image', 'images')}`
    )
  }
  return packedDataset(
    { width, height, channels: 1, data: images.data, labels: labels.data, classes },
    labels.path
  )
}

/**
 * Reads Fashion-MNIST from a folder (torchvision: `FashionMNIST`).
 * @throws DatasetError as `mnist`.
 */
export async function fashionMnist(
  folder: DataFolder,
  options: Pick<MnistOptions, 'train'>
): Promise<Dataset> {
  const { train } = checkOptions('fashionMnist', options, { train: OPTIONS.train })
  return mnist(folder, { train, classes: FASHION })
}

/** Loads the reader with the first file. */
async function readIdx(path: FilePath): Promise<IdxArray> {
  const reader = await import('./idx.js')
  return reader.readIdx(path)
}

type Part = IdxArray & { readonly path: string }

async function readPart(folder: DataFolder, name: string, dimensions: number): Promise<Part> {
  const part = await readPlainOrZipped(folder, name)
  if (part.shape.length === dimensions) return part
  throw new DatasetError(
    part.path,
    `has ${counted(part.shape.length, 'dimension', 'dimensions')}, where ${dimensions} are expected`
  )
}

async function readPlainOrZipped(folder: DataFolder, name: string): Promise<Part> {
  const faults: string[] = []
  for (const file of [name, `${name}.gz`]) {
    try {
      const path = await fileIn(folder, file)
      return { ...(await readIdx(path)), path: fileName(path) }
    } catch (error) {
      // Reports a damaged file, even if the other variant is fine.
      if (!(error instanceof DatasetError && error.cause instanceof FileError)) throw error
      faults.push(`${file} (${error.fault})`)
    }
  }
  throw new DatasetError(
    typeof folder === 'string' ? folder : 'the given files',
    `needs ${faults.join(' or ')}`
  )
}

const SIDE = 8
const PIXELS = SIDE * SIDE
const BRIGHTEST = 16

const DIGITS_OPTIONS = {
  /** `assets/digits.idx.gz` of the package, where a bundler has left it behind; default the one beside the library. */
  file: checkedLater<FilePath>()
}

/** Options of `digits`. */
export interface DigitsOptions extends OptionsOf<typeof DIGITS_OPTIONS> {}

/**
 * 1,797 handwritten digits of 8 × 8 pixels and one channel (scikit-learn: `load_digits`, its 0 … 16 as 0 … 255).
 *
 * They are the test set of UCI's "Optical Recognition of Handwritten Digits" (see NOTICE).
 * @throws DatasetError when their file is missing, damaged or another one.
 * @example
 * const { train, validation } = randomSplit(await digits(), 0.2, 0)
 */
export async function digits(options: DigitsOptions = {}): Promise<Dataset> {
  const { file } = checkOptions('digits', options, DIGITS_OPTIONS)
  const name = file === undefined ? 'digits' : fileName(file)
  const { shape, data: rows } = await (file === undefined ? readBundledDigits() : readIdx(file))
  const [count, width] = shape
  // Each row holds a digit's pixels, then its label.
  if (shape.length !== 2 || width !== PIXELS + 1) {
    throw new DatasetError(
      name,
      `has the shape [${shape.join(', ')}], where [1797, ${PIXELS + 1}] is expected`
    )
  }
  const data = new Uint8Array(count * PIXELS)
  const labels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * width, (i + 1) * width)
    for (let p = 0; p < PIXELS; p++) data[i * PIXELS + p] = round((row[p] * 255) / BRIGHTEST)
    labels[i] = row[PIXELS]
  }
  return packedDataset({ width: SIDE, height: SIDE, channels: 1, data, labels, classes: DIGITS }, name)
}

function readBundledDigits(): Promise<IdxArray> {
  return readIdx(new URL('../../assets/digits.idx.gz', import.meta.url)).catch((error: unknown) => {
    if (!(error instanceof DatasetError)) throw error
    const remedy = 'if a bundler has left it behind, copy it and name it, digits({ file }) (docs/deploy.md)'
    throw new DatasetError(error.path, `${error.fault}; ${remedy}`, { cause: error })
  })
}
