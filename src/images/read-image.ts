// The way from a path to pixels: read, look at the header, decode, convert. Whatever is wrong names the file.
import { DecodeError, decodeImage, FileError, fileName, readFile, type FilePath } from '#platform'
import { takeOrientation, turned } from './exif-orientation.js'
import { readGifFrame } from './gif-frame.js'
import { ImageError } from './image-error.js'
import { HeaderFault, isCutShort, readImageHeader } from './image-header.js'
import type { RgbImage } from './rgb-image.js'
import { toRgb, toRgbOfGif } from './to-rgb.js'

/** How an image is read. */
export interface ReadImageOptions {
  /** Turns the image as its EXIF orientation says (Pillow: `ImageOps.exif_transpose`); default false, as torchvision. */
  readonly exifOrientation?: boolean
  /** The most pixels an image may have; by default 178,956,970, where Pillow takes one for a bomb. */
  readonly maxPixels?: number
}

const MAX_PIXELS = 178_956_970

/**
 * Reads a JPEG, PNG, WebP or GIF (its first frame) by what it is and not by its name (Pillow:
 * `Image.open(source).convert('RGB')`, pixel for pixel): alpha is dropped, colour profiles are ignored.
 *
 * Shape of the pixels: (height, width, 3).
 * @throws ImageError naming the file when it is missing, not an image, truncated, corrupt or too large.
 * @example
 * const image = await readImage('dog.jpg')
 * image.width // 500
 */
export async function readImage(
  source: FilePath | Uint8Array,
  options: ReadImageOptions = {}
): Promise<RgbImage> {
  const name = source instanceof Uint8Array ? 'image bytes' : fileName(source)
  try {
    return await decode(source instanceof Uint8Array ? source : await readFile(source), options)
  } catch (error) {
    if (error instanceof FileError) throw new ImageError(name, error.fault, { cause: error })
    // The cause would only repeat this sentence above a stack of ours.
    if (error instanceof HeaderFault || error instanceof DecodeError)
      throw new ImageError(name, error.message)
    throw error
  }
}

async function decode(
  bytes: Uint8Array,
  { exifOrientation = false, maxPixels = MAX_PIXELS }: ReadImageOptions
): Promise<RgbImage> {
  const { format, width, height, samples } = readImageHeader(bytes)
  if (!(width * height <= maxPixels)) {
    throw new HeaderFault(`has ${width} × ${height} pixels, more than the ${maxPixels} allowed by maxPixels`)
  }
  const layout = samples === 'other' ? 'rgb' : samples
  const keepAlpha = format === 'gif'
  const upright = takeOrientation(format, bytes)
  const decoded = await decodeImage(upright.bytes, { layout, keepAlpha, maxPixels }).catch(
    (error: unknown) => {
      throw error instanceof DecodeError && isCutShort(format, bytes)
        ? new DecodeError('is truncated')
        : error
    }
  )
  const frame = format === 'gif' ? readGifFrame(bytes) : undefined
  const image = frame ? toRgbOfGif(decoded, frame) : toRgb(decoded)
  return exifOrientation ? turned(image, upright.orientation) : image
}
