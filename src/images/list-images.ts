// Which images a path stands for: the file itself, or those of a folder.
import { FileError, listFolder } from '#platform'
import { ImageError } from './picture.js'

/** Of the formats that can be read. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif']

/** Whether a file's name, in upper or lower case, is that of an image. */
export function isImageName(name: string): boolean {
  const lower = name.toLowerCase()
  return IMAGE_EXTENSIONS.some(extension => lower.endsWith(extension))
}

const HIDDEN_FILE = /(^|[\\/])\.[^\\/]*$/

/**
 * The images of a folder, by their extension, sorted by name and without hidden ones; folders within it are not
 * searched. A file stands for itself, whatever its name.
 * @throws ImageError when the path does not exist or cannot be listed.
 */
export async function listImages(path: string): Promise<string[]> {
  try {
    const files = await listFolder(path)
    return files?.filter(file => isImageName(file) && !HIDDEN_FILE.test(file)).sort() ?? [path]
  } catch (error) {
    if (error instanceof FileError) throw new ImageError(path, error.fault, { cause: error })
    throw error
  }
}
