// Folders of images: one for each class, in torchvision's order, possibly below one for training and one for validation.
import { naming } from '../base/errors.js'
import { checkArguments, checkOptions, aString, type NoOptions } from '../base/options.js'
import { quote } from '../base/words.js'
import { readFolder, type FolderEntry } from '#platform'
import { IMAGE_EXTENSIONS, isImageName } from '../images/image-files.js'
import { DatasetError, datasetOf, type Dataset } from './dataset.js'
import type { DatasetSplit } from './sampler.js'

/**
 * The images below a folder, `root/rose/….jpg`, `root/tulip/…/….png`, labelled by subfolder (torchvision:
 * `ImageFolder(root)`).
 *
 * Classes and samples are in torchvision's order: by code point, with links followed and hidden files included. Images are
 * recognised by extension and not decoded.
 *
 * torchvision difference: GIF is read, which torchvision skips; PPM, BMP, PGM and TIFF, which it reads, are not.
 * @throws DatasetError when the folder is missing or has no subfolders, or one of them has no images.
 * @example
 * const flowers = await imageFolder('flowers')
 * flowers.classes // ["rose", "tulip"]
 */
export async function imageFolder(root: string, options: NoOptions = {}): Promise<Dataset> {
  checkArguments('imageFolder', { root }, { root: aString })
  checkOptions('imageFolder', options, {})
  return readImageFolder(root)
}

/** The same, with files that are `removed` in the places that they had among the others. */
export async function readImageFolder(root: string, removed: readonly string[] = []): Promise<Dataset> {
  const { realPath, files, folders } = await naming(root, DatasetError, () => readFolder(root))
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
  for (const [label, { name, path }] of classes.entries()) {
    const images = (await walkFolder(path, [realPath], removed)).filter(file => isImageName(file.name))
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
 * @param above the real paths of the enclosing folders.
 * @throws DatasetError when a folder cannot be listed, or a link leads back to an enclosing folder.
 */
async function walkFolder(
  path: string,
  above: readonly string[],
  removed: readonly string[]
): Promise<FolderEntry[]> {
  const levels = await readLevels(path, above)
  for (const level of levels) level.files = withRemoved(level, removed)
  // By whole path: "a-b/" is before "a/b/", though "a" is before "a-b".
  return levels
    .sort((a, b) => compareCodePoints(a.path, b.path))
    .flatMap(({ files }) => files.toSorted((a, b) => compareCodePoints(a.name, b.name)))
}

interface Level {
  readonly path: string
  files: readonly FolderEntry[]
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
async function readLevels(path: string, above: readonly string[]): Promise<Level[]> {
  const { realPath, files, folders } = await naming(path, DatasetError, () => readFolder(path))
  if (above.includes(realPath)) {
    throw new DatasetError(path, 'is a link that leads back to a folder it is in')
  }
  const levels: Level[] = [{ path, files }]
  for (const folder of folders) {
    for (const level of await readLevels(folder.path, [...above, realPath])) levels.push(level)
  }
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

const VALIDATION_NAMES = ['val', 'valid', 'validation', 'test']

/**
 * Reads `train` and the first of `val`, `valid`, `validation` or `test` in a folder, each by `imageFolder`; undefined unless
 * both exist.
 * @throws DatasetError when the folder cannot be listed, a part cannot be read, or their classes differ.
 * @example
 * const split = (await splitFolders('flowers')) ?? randomSplit(await imageFolder('flowers'), 0.2, 0)
 */
export async function splitFolders(path: string): Promise<DatasetSplit | undefined> {
  return readSplitFolders(path)
}

/** The same, with files that are `removed` in the places that they had among the others. */
export async function readSplitFolders(
  path: string,
  removed: readonly string[] = []
): Promise<DatasetSplit | undefined> {
  const { folders } = await naming(path, DatasetError, () => readFolder(path))
  const folderNamed = new Map(folders.map(folder => [folder.name, folder]))
  const training = folderNamed.get('train')
  const held = VALIDATION_NAMES.map(name => folderNamed.get(name)).find(folder => folder !== undefined)
  if (!training || !held) return undefined
  const train = await readImageFolder(training.path, removed)
  const validation = await readImageFolder(held.path, removed)
  const differences = [
    onlyIn('train', train.classes, validation.classes),
    onlyIn(held.name, validation.classes, train.classes)
  ].filter(text => text !== '')
  if (differences.length === 0) return { train, validation }
  throw new DatasetError(path, `its halves differ in their classes: ${differences.join('; ')}`)
}

function onlyIn(half: string, classes: readonly string[], others: readonly string[]): string {
  const known = new Set(others)
  const own = classes.filter(name => !known.has(name)).map(quote)
  return own.length > 0 ? `only ${half} has ${own.join(', ')}` : ''
}
