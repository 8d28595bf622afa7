// Folders of images: one for each class, in torchvision's order, possibly below one for training and one for validation.
import { naming } from '../base/errors.js'
import { aFunction, checkArguments, checkOptions, aString, type OptionsOf } from '../base/options.js'
import { quote } from '../base/words.js'
import { readFolder, type FolderEntry } from '#platform'
import { FolderVisits } from '../images/folder-visits.js'
import { IMAGE_EXTENSIONS, isImageName, isPassedOver } from '../images/image-files.js'
import { DatasetError, datasetOf, type Dataset } from './dataset.js'
import type { DatasetSplit } from './sampler.js'

/** What a folder of images has besides its classes and images. */
export interface LeftOut {
  /** Paths of folders below which nothing was looked for. */
  readonly folders: readonly string[]
  /** Paths of other files, hidden ones among them. */
  readonly files: readonly string[]
}

const OPTIONS = {
  /** Called once, with the folders and files that are left out. */
  onLeftOut: aFunction<(leftOut: LeftOut) => void>()
}

/** Options of `imageFolder` and `splitFolders`. */
export interface ImageFolderOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * The images below a folder, `root/rose/….jpg`, `root/tulip/…/….png`, labelled by subfolder (torchvision:
 * `ImageFolder(root)`).
 *
 * Classes and samples are in torchvision's order: by code point, with links followed. Images are recognised by extension and
 * not decoded.
 *
 * torchvision differences: hidden files and folders (`.ipynb_checkpoints`) and `__MACOSX` are left out, which hold copies and no
 * classes; GIF is read, which torchvision skips; PPM, BMP, PGM and TIFF, which it reads, are not. `onLeftOut` is told of them.
 * @throws DatasetError when the folder is missing or has no subfolders, or one of them has no images.
 * @example
 * const flowers = await imageFolder('flowers')
 * flowers.classes // ["rose", "tulip"]
 */
export async function imageFolder(root: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const listing = checkOptions('imageFolder', options, OPTIONS)
  checkArguments('imageFolder', { root }, { root: aString })
  return readImageFolder(root, listing)
}

/** How a folder is listed: with files that are `removed` in the places that they had among the others. */
export interface FolderListing extends ImageFolderOptions {
  readonly removed?: readonly string[]
}

/** What `imageFolder` reads, with files that were removed. */
export async function readImageFolder(
  root: string,
  { onLeftOut, removed = [] }: FolderListing
): Promise<Dataset> {
  const { realPath, files, folders: all } = await naming(root, DatasetError, () => readFolder(root))
  const folders = all.filter(({ name }) => !isPassedOver(name))
  const leftOut = {
    folders: all.filter(({ name }) => isPassedOver(name)).map(({ path }) => path),
    files: files.map(({ path }) => path)
  }
  if (folders.length === 0) {
    const isFlat = files.some(file => isImageName(file.name))
    const instead = isFlat ? ' with its images, but the images are in the folder itself' : ''
    throw new DatasetError(root, `has no folders in it; expected one for each class${instead}`)
  }
  const unwritable = folders.find(({ name }) => /\p{Cc}/u.test(name))
  if (unwritable) {
    throw new DatasetError(
      root,
      `the class ${quote(unwritable.name)} has control characters in its name; rename the folder`
    )
  }
  const classes = folders.toSorted((a, b) => compareCodePoints(a.name, b.name))
  const paths: string[] = []
  const labels: number[] = []
  const empty: string[] = []
  const visits = new FolderVisits()
  visits.enter(realPath)
  for (const [label, folder] of classes.entries()) {
    const { name } = folder
    const found = await walkFolder(folder, visits, removed)
    const images = found.files.filter(isImage)
    leftOut.folders.push(...found.passedOver)
    for (const file of found.files) if (!isImage(file)) leftOut.files.push(file.path)
    if (images.length === 0) empty.push(name)
    for (const image of images) {
      paths.push(image.path)
      labels.push(label)
    }
  }
  if (empty.length > 0) {
    const names = `${empty.length === 1 ? 'class' : 'classes'} ${empty.map(quote).join(', ')}`
    throw new DatasetError(root, `has no images for ${names}; they end in ${IMAGE_EXTENSIONS.join(', ')}`)
  }
  onLeftOut?.(leftOut)
  return datasetOf({
    classes: classes.map(({ name }) => name),
    labels: Int32Array.from(labels),
    channels: 3,
    source: index => ({ path: paths[index] })
  })
}

/**
 * The files below a folder, links followed, in the order of torchvision's `make_dataset`:
 * `for root, _, names in sorted(os.walk(path, followlinks=True))`, each sorted.
 * @param visits the folders that have been entered.
 * @throws DatasetError when a folder cannot be listed, or links lead back to an enclosing folder or to one in too many ways.
 */
async function walkFolder(
  folder: FolderEntry,
  visits: FolderVisits,
  removed: readonly string[]
): Promise<{ readonly files: readonly FolderEntry[]; readonly passedOver: readonly string[] }> {
  const levels = await readLevels(folder, visits)
  for (const level of levels) level.files = withRemoved(level, removed)
  // By whole path: "a-b/" is before "a/b/", though "a" is before "a-b".
  const files = levels
    .sort((a, b) => compareCodePoints(a.path, b.path))
    .flatMap(level => level.files.toSorted((a, b) => compareCodePoints(a.name, b.name)))
  return { files, passedOver: levels.flatMap(level => level.passedOver) }
}

function isImage({ name }: FolderEntry): boolean {
  return isImageName(name) && !isPassedOver(name)
}

/** A folder with its own files, and its folders that are passed over. */
interface Level {
  readonly path: string
  files: readonly FolderEntry[]
  readonly passedOver: readonly string[]
}

/** The files of a folder and those that were removed from it. */
function withRemoved({ path, files }: Level, removed: readonly string[]): readonly FolderEntry[] {
  const there = new Set(files.map(file => file.path))
  const gone = removed.flatMap(file => {
    const [, folder, name] = /^(.*)[\\/]([^\\/]*)$/s.exec(file) ?? []
    return folder === path && !there.has(file) ? [{ name, path: file }] : []
  })
  return [...files, ...gone]
}

/** A folder and those below it, each with its own files. */
async function readLevels({ path, realPath: known }: FolderEntry, visits: FolderVisits): Promise<Level[]> {
  const { realPath, files, folders } = await naming(path, DatasetError, () => readFolder(path, known))
  await naming(path, DatasetError, () => visits.enter(realPath))
  const passedOver = folders.filter(({ name }) => isPassedOver(name)).map(folder => folder.path)
  const levels: Level[] = [{ path, files, passedOver }]
  for (const folder of folders) {
    if (isPassedOver(folder.name)) continue
    for (const level of await readLevels(folder, visits)) levels.push(level)
  }
  visits.leave(realPath)
  return levels
}

/** Compares by code point, as Python's `sorted`; JavaScript compares UTF-16 units, which puts "𝒜" before "ﬁ". */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  // A prefix comes first.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}

const TRAINING_NAMES = ['train', 'training']
const VALIDATION_NAMES = ['val', 'valid', 'validation', 'test', 'testing']

/** Whether a folder's name says that its images are for training, as `train` and `Training` do. */
export function isTrainingName(name: string): boolean {
  return TRAINING_NAMES.includes(name.toLowerCase())
}

/**
 * Reads `train` or `training`, and the first of `val`, `valid`, `validation`, `test` or `testing` in a folder, in any case and
 * each by `imageFolder`; undefined unless there are two.
 * @throws DatasetError when the folder cannot be listed, a part cannot be read, or their classes differ.
 * @example
 * const split = (await splitFolders('flowers')) ?? randomSplit(await imageFolder('flowers'), 0.2, 0)
 */
export async function splitFolders(
  path: string,
  options: ImageFolderOptions = {}
): Promise<DatasetSplit | undefined> {
  const listing = checkOptions('splitFolders', options, OPTIONS)
  checkArguments('splitFolders', { path }, { path: aString })
  return readSplitFolders(path, listing)
}

/** What `splitFolders` reads, with files that were removed. */
export async function readSplitFolders(
  path: string,
  { onLeftOut, removed = [] }: FolderListing
): Promise<DatasetSplit | undefined> {
  const { files, folders } = await naming(path, DatasetError, () => readFolder(path))
  const [training, held] = [TRAINING_NAMES, VALIDATION_NAMES].map(names => firstNamed(names, folders))
  if (!training || !held) return undefined
  const others = folders.filter(folder => folder !== training && folder !== held)
  const leftOut: LeftOut[] = [{ folders: others.map(each => each.path), files: files.map(each => each.path) }]
  const listing = { removed, onLeftOut: (found: LeftOut) => leftOut.push(found) }
  const train = await readImageFolder(training.path, listing)
  const validation = await readImageFolder(held.path, listing)
  onLeftOut?.({
    folders: leftOut.flatMap(each => each.folders),
    files: leftOut.flatMap(each => each.files)
  })
  const differences = [
    onlyIn(training.name, train.classes, validation.classes),
    onlyIn(held.name, validation.classes, train.classes)
  ].filter(text => text !== '')
  if (differences.length === 0) return { train, validation }
  throw new DatasetError(path, `its halves differ in their classes: ${differences.join('; ')}`)
}

/** The folder with the first of these names; one that is written as here comes before others. */
function firstNamed(names: readonly string[], folders: readonly FolderEntry[]): FolderEntry | undefined {
  const found = names.map(
    name =>
      folders.find(folder => folder.name === name) ??
      folders.find(folder => folder.name.toLowerCase() === name)
  )
  return found.find(folder => folder !== undefined)
}

function onlyIn(half: string, classes: readonly string[], others: readonly string[]): string {
  const known = new Set(others)
  const own = classes.filter(name => !known.has(name)).map(quote)
  return own.length > 0 ? `only ${half} has ${own.join(', ')}` : ''
}
