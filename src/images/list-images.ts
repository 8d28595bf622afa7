import { FileError, listFolder } from '#platform'
import { ImageError } from './picture.js'

/** Extensions of supported formats. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif']

/** Whether a name has an image's extension, in any case. */
export function isImageName(name: string): boolean {
  const lower = name.toLowerCase()
  return IMAGE_EXTENSIONS.some(extension => lower.endsWith(extension))
}

const HIDDEN_FILE = /(^|[\\/])\.[^\\/]*$/

/**
 * A folder's images, by extension, sorted by name, without hidden files and subfolders; or the file itself, whatever its
 * name.
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
