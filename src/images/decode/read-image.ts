// From a path to pixels: read, check the header, decode, convert. Every error names the file.
import { aBoolean, checkOptions, either, oneOf, positiveInteger } from '../../base/options.js'
import {
  DecodeError,
  decodeImage,
  drawnPixels,
  FileError,
  fileName,
  isCanvasPixels,
  readFile,
  type DecodedImage,
  type FilePath,
  type PagePixels
} from '#platform'
import { takeOrientation, turned } from './exif-orientation.js'
import { readGifFrame } from './gif-frame.js'
import { HeaderFault, isCutShort, readImageHeader } from './image-header.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { rgbOf, rgbOfGif } from './to-rgb.js'

/** How an image is read. */
export interface ReadImageOptions {
  /**
   * Turns a file's image as its EXIF orientation says (Pillow: `ImageOps.exif_transpose`); default false, as torchvision.
   */
  readonly exifOrientation?: boolean
  /** The most pixels an image may have; by default 178,956,970, where Pillow takes one for a bomb. */
  readonly maxPixels?: number
}

const MAX_PIXELS = 178_956_970

/**
 * Reads a JPEG, PNG, WebP or GIF (its first frame) recognised by its content and not by its name (Pillow:
 * `Image.open(source).convert('RGB')`, pixel for pixel): alpha is dropped, colour profiles are ignored. In a page also
 * what is on a canvas, in a video or in an image element, as it is shown now.
 *
 * Shape of the pixels: (height, width, 3).
 * @throws ImageError naming the file when it is missing, not an image, truncated, corrupt or too large.
 * @example
 * const image = await readImage('dog.jpg')
 * image.width // 500
 */
export async function readImage(
  source: FilePath | Uint8Array | PagePixels,
  options: ReadImageOptions = {}
): Promise<Picture> {
  checkOptions('readImage', options, {
    exifOrientation: aBoolean,
    maxPixels: either(positiveInteger, oneOf(Infinity))
  })
  const { maxPixels = MAX_PIXELS } = options
  if (source instanceof Uint8Array) return namingImage('image bytes', () => decode(source, options))
  if (isFilePath(source)) {
    return namingImage(fileName(source), async () => decode(await readFile(source), options))
  }
  return namingImage('the given pixels', async () => rgbOf(pixelsNow(source, maxPixels)))
}

function isFilePath(source: FilePath | PagePixels): source is FilePath {
  return typeof source === 'string' || source instanceof URL || source instanceof Blob
}

/** Turns every error about an image into one that names it. */
async function namingImage(name: string, read: () => Promise<Picture>): Promise<Picture> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof FileError) throw new ImageError(name, error.fault, { cause: error })
    // Without a cause, which would only repeat this sentence.
    if (error instanceof HeaderFault || error instanceof DecodeError)
      throw new ImageError(name, error.message)
    throw error
  }
}

function pixelsNow(source: PagePixels, maxPixels: number): DecodedImage {
  if (!isCanvasPixels(source)) return drawnPixels(source, maxPixels)
  const { width, height, data } = source
  if (data.length !== 4 * width * height) {
    throw new DecodeError(`has ${data.length} values, which are not ${height} × ${width} × 4`)
  }
  checkSize({ width, height }, maxPixels)
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length)
  return { width, height, channels: 4, layout: 'rgb', data: samples }
}

function checkSize({ width, height }: ImageSize, maxPixels: number): void {
  if (width * height <= maxPixels) return
  throw new HeaderFault(`has ${width} × ${height} pixels, more than the ${maxPixels} allowed by maxPixels`)
}

async function decode(
  bytes: Uint8Array,
  { exifOrientation = false, maxPixels = MAX_PIXELS }: ReadImageOptions
): Promise<Picture> {
  const { format, samples, ...size } = readImageHeader(bytes)
  checkSize(size, maxPixels)
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
  const image = frame ? rgbOfGif(decoded, frame) : rgbOf(decoded)
  return exifOrientation ? turned(image, upright.orientation) : image
}
