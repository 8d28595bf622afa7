// Opens DATA: the bundled digits, MNIST or CIFAR files, or image folders. Recognises data that a network was trained on.
import { cifar10, cifar100 } from '../../data/cifar.js'
import { concatenateDatasets, DatasetError, subset, type Dataset } from '../../data/dataset.js'
import { digits, fashionMnist, mnist } from '../../data/mnist.js'
import {
  readImageFolder,
  readSplitFolders,
  type FolderListing,
  type LeftOut
} from '../../data/image-folder.js'
import { naming } from '../../base/errors.js'
import { counted, formatCount } from '../../base/figures.js'
import { className } from '../../base/words.js'
import { randomSplit, type DatasetSplit } from '../../data/sampler.js'
import { cifarPreset, trainingPreset } from '../../images/pipeline/presets.js'
import type { Transform } from '../../images/pipeline/transforms.js'
import { toTensor } from '../../images/steps/to-tensor.js'
import type { ImageSize } from '../../images/picture.js'
import { readFolder } from '#platform'
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { say } from '../terminal/output.js'
import type { DataFormat } from './data-options.js'
import { foundLine } from './found-line.js'

/** The defaults of a kind of data. */
export interface DataKind {
  readonly name: DataFormat
  /** The pictures' size, if all have the same. */
  readonly pictures: ImageSize | undefined
  /** Per channel, in 0 … 1. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Whether pictures may be mirrored. */
  readonly mirrors: boolean
}

const KINDS: Readonly<Record<DataFormat, Omit<DataKind, 'name' | 'pictures'>>> = {
  folder: { ...statisticsOf(trainingPreset()), mirrors: true },
  digits: { mean: [0.3053], std: [0.376], mirrors: false },
  mnist: { mean: [0.1307], std: [0.3081], mirrors: false },
  'fashion-mnist': { mean: [0.286], std: [0.353], mirrors: true },
  cifar10: { ...statisticsOf(cifarPreset()), mirrors: true },
  cifar100: { mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761], mirrors: true }
}

function statisticsOf(preset: readonly Transform[]): Pick<DataKind, 'mean' | 'std'> {
  const { mean, std } = preset.find(transform => transform.name === 'toTensor') ?? toTensor()
  return { mean, std }
}

export interface OpenedData {
  readonly kind: DataKind
  readonly whole: Dataset
  /** Training and validation parts, if the data defines them. */
  readonly parts: DatasetSplit | undefined
}

/** @throws DatasetError when the data cannot be read. */
export async function openData(
  path: string,
  format: DataFormat | 'auto',
  removed: readonly string[] = []
): Promise<OpenedData> {
  const name = format === 'auto' ? await detectFormat(path) : format
  let leftOut: LeftOut = { folders: [], files: [] }
  const listing = {
    removed,
    onLeftOut: (found: LeftOut): void => {
      leftOut = found
    }
  }
  const parts = await partsOf(path, name, listing)
  const whole = parts
    ? concatenateDatasets([parts.train, parts.validation])
    : await (name === 'digits' ? digits() : readImageFolder(path, listing))
  if (name === 'folder') say(foundLine(path, { whole, parts, leftOut }))
  return { kind: { name, pictures: sizeOf(whole), ...KINDS[name] }, parts, whole }
}

/** Undefined for files, whose sizes may differ. */
function sizeOf(dataset: Dataset): ImageSize | undefined {
  const first = dataset.length > 0 ? dataset.source(0) : undefined
  return first && 'picture' in first ? first.picture : undefined
}

/**
 * The data's own parts, or a share of each class held back: nothing if that is 0.
 * @throws DatasetError naming the path when all classes have too few images.
 */
export function splitData(
  path: string,
  { parts, whole }: OpenedData,
  holdBack: number,
  seed: number
): DatasetSplit {
  if (parts) return parts
  if (holdBack === 0) return { train: whole, validation: subset(whole, []) }
  if (new Set(whole.labels).size === whole.length) {
    const fault = 'has no class of two images, so none can be held back for validation'
    const remedy =
      'add images, make folders train and val of them, or train without validation: --hold-back 0'
    throw new DatasetError(path, `${fault}; ${remedy}`)
  }
  return randomSplit(whole, holdBack, seed)
}

async function partsOf(
  path: string,
  format: DataFormat,
  listing: FolderListing
): Promise<DatasetSplit | undefined> {
  if (format === 'digits') return undefined
  if (format === 'folder') return readSplitFolders(path, listing)
  const open = { mnist, 'fashion-mnist': fashionMnist, cifar10, cifar100 }[format]
  const [train, validation] = await Promise.all([true, false].map(part => open(path, { train: part })))
  return { train, validation }
}

/** Detects a folder's format from its file names. */
async function detectFormat(path: string): Promise<DataFormat> {
  if (path === 'digits') return 'digits'
  const { files } = await naming(path, DatasetError, () => readFolder(path))
  const has = (pattern: RegExp): boolean => files.some(({ name }) => pattern.test(name))
  if (has(/^train-images-idx3-ubyte/)) return /fashion/i.test(path) ? 'fashion-mnist' : 'mnist'
  if (has(/^data_batch_1\.bin$/)) return 'cifar10'
  if (has(/^train\.bin$/)) return 'cifar100'
  return 'folder'
}

/** Identifies data, as its held-out images are known only of data that a network was trained on. */
export interface DataIdentity {
  /** A folder, or the name of bundled data. */
  readonly path: string
  /** The number of images; older checkpoints lack it. */
  readonly images?: number
  readonly classes: readonly string[]
}

/** The canonical path; names such as `digits` are unchanged. */
export async function realPathOf(path: string): Promise<string> {
  return path === 'digits' ? path : realpath(path).catch(() => path)
}

/** Whether two are the same; moved data is recognised by its images and classes. */
export async function isSameData(recorded: DataIdentity, given: DataIdentity): Promise<boolean> {
  const [before, now] = await Promise.all([recorded.path, given.path].map(realPathOf))
  if (before === now) return true
  if (recorded.path === 'digits' || existsSync(recorded.path)) return false
  return recorded.images === given.images && isDeepStrictEqual(recorded.classes, given.classes)
}

/**
 * How data differs from what a network was trained on, if it does: which images were held out is then unknown.
 * @param now the same data as it is, by `isSameData`.
 */
export function changesSince(recorded: DataIdentity, now: DataIdentity): string | undefined {
  const { images = now.images } = recorded
  // A checkpoint numbers the outputs beyond the data's classes.
  const isNamed = recorded.classes.every((name, index) => name === className(now.classes, index))
  if (!isNamed || recorded.classes.length < now.classes.length) return 'its classes are others'
  if (images === now.images) return undefined
  return `it had ${counted(images ?? 0, 'image', 'images')}, and now has ${formatCount(now.images ?? 0)}`
}
