import * as platform from '#platform'
import { EncodeError, FileError, fileName, writeFileAtomic } from '#platform'
import { ImageError, type Picture } from './picture.js'
import { toRgb } from './pixels/colour.js'

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
  try {
    await writeFileAtomic(path, [await platform.encodePng(toRgb(image))])
  } catch (error) {
    if (error instanceof FileError) throw new ImageError(name, error.fault, { cause: error })
    if (error instanceof EncodeError) throw new ImageError(name, error.message, { cause: error })
    throw error
  }
}

/**
 * Encodes a PNG. In a page, the canvas limits the size.
 * @throws ImageError when there are no pixels, or too many.
 */
export async function encodePng(image: Picture): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await platform.encodePng(toRgb(image))
  } catch (error) {
    if (error instanceof EncodeError) throw new ImageError('encodePng', error.message, { cause: error })
    throw error
  }
}
