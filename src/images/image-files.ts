import { naming } from '../base/errors.js'
import * as platform from '#platform'
import { listFolder, fileName, writeFileAtomic } from '#platform'
import { checkPicture, ImageError, type Picture } from './picture.js'
import { toRgb } from './pixels/colour.js'

export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif']

export function isImageName(name: string): boolean {
  const lower = name.toLowerCase()
  return IMAGE_EXTENSIONS.some(extension => lower.endsWith(extension))
}

/** What is read, in words. */
export const READ_FORMATS = 'JPEG, PNG, WebP and GIF'

/**
 * Whether a name in a folder is of what a system or a tool left there: hidden files and folders, such as
 * `.ipynb_checkpoints`, and the `__MACOSX` of archives.
 */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX'
}

const HIDDEN_FILE = /(^|[\\/])\.[^\\/]*$/

/**
 * A folder's images, by extension, sorted by name, without hidden files and subfolders; or the file itself, whatever its
 * name.
 * @throws ImageError when the path does not exist or cannot be listed.
 */
export async function listImages(path: string): Promise<string[]> {
  const files = await naming(path, ImageError, () => listFolder(path))
  return files?.filter(file => isImageName(file) && !HIDDEN_FILE.test(file)).sort() ?? [path]
}

/**
 * Writes a PNG. An existing file is replaced only once the new one is complete.
 * @throws ImageError naming the file when its name does not end in `.png`, or it cannot be written.
 * @example
 * await writeImage('crop.png', { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0) })
 */
export async function writeImage(path: string | URL, image: Picture): Promise<void> {
  const name = fileName(path)
  if (!/\.png$/i.test(name))
    throw new ImageError(name, 'is written as a PNG: give it a name that ends in .png')
  await naming(name, ImageError, async () => writeFileAtomic(path, [await png(image)]))
}

function png(image: Picture, owner?: string): Promise<Uint8Array<ArrayBuffer>> {
  checkPicture(image, owner)
  return platform.encodePng(toRgb(image))
}

/**
 * Encodes a PNG. In a page, the canvas limits the size.
 * @throws ImageError when there are no pixels, or too many.
 */
export async function encodePng(image: Picture): Promise<Uint8Array<ArrayBuffer>> {
  return naming('encodePng', ImageError, () => png(image, 'encodePng'))
}
