import { listImages } from '../images/image-files.js'
import { ImageError } from '../images/picture.js'

/**
 * The image files at a path: the file itself, or those in the folder.
 * @throws ImageError when there are none.
 */
export async function imagesAt(path: string): Promise<string[]> {
  const images = await listImages(path)
  if (images.length === 0) throw new ImageError(path, 'has no images in it; JPEG, PNG, WebP and GIF are read')
  return images
}
