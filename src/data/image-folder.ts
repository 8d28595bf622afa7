// One folder of images per class, in torchvision's order.
import { readFolder, type FolderEntry } from '#platform'
import { IMAGE_EXTENSIONS, isImageName } from '../images/list-images.js'
import { assertIndex, DatasetError, type Dataset } from './dataset.js'
import { asDatasetError } from './read-file.js'
import { compareCodePoints, walkFolder } from './walk-folder.js'

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
export async function imageFolder(root: string): Promise<Dataset> {
  const { realPath, files, folders } = await asDatasetError(() => readFolder(root))
  if (folders.length === 0) throw new DatasetError(root, noClassesFault(files))
  const classes = folders.toSorted((a, b) => compareCodePoints(a.name, b.name))
  const paths: string[] = []
  const labels: number[] = []
  const empty: string[] = []
  for (const [label, { name, path }] of classes.entries()) {
    const images = (await walkFolder(path, [realPath])).filter(file => isImageName(file.name))
    if (images.length === 0) empty.push(name)
    for (const image of images) {
      paths.push(image.path)
      labels.push(label)
    }
  }
  if (empty.length > 0) throw new DatasetError(root, emptyClassesFault(empty))
  return {
    length: paths.length,
    classes: classes.map(({ name }) => name),
    labels: Int32Array.from(labels),
    channels: 3,
    source(index) {
      assertIndex(index, paths.length)
      return { path: paths[index] }
    }
  }
}

function noClassesFault(files: readonly FolderEntry[]): string {
  const fault = 'has no folders in it; expected one for each class'
  return files.some(file => isImageName(file.name))
    ? `${fault} with its images, but the images are in the folder itself`
    : fault
}

function emptyClassesFault(names: readonly string[]): string {
  const list = names.map(name => JSON.stringify(name)).join(', ')
  return `has no images for ${names.length === 1 ? 'class' : 'classes'} ${list}; they end in ${IMAGE_EXTENSIONS.join(', ')}`
}
