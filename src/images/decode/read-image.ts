// Reads an image: header check, decoding, conversion. Every error names the file.
import { Fault, naming } from '../../base/errors.js'
import { isA, isBlob, isBytes } from '../../base/kinds.js'
import {
  aBoolean,
  anObject,
  checkArguments,
  checkOptions,
  either,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import * as platform from '#platform'
import { turned } from '../pixels/affine.js'
import { takeOrientation } from './exif-orientation.js'
import { isCutShort, readImageHeader, type ImageHeader } from './image-header.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { rgbOf } from './to-rgb.js'
import { mendedPng, soundPng } from './sound-png.js'
import { decodeGif, readGifFrame } from './gif.js'
import { checkJpegScans } from './jpeg-scans.js'

const OPTIONS = {
  /** Apply the EXIF orientation (Pillow: `ImageOps.exif_transpose`); default false, as in torchvision. */
  exifOrientation: aBoolean,
  /**
   * Maximum number of pixels; default 178,956,970, Pillow's limit for decompression bombs, and at most 33,554,432 plus 1,024 for
   * each byte of the file.
   */
  maxPixels: either(positiveInteger, oneOf(Infinity))
}

/** Options of `readImage`. */
export interface ReadImageOptions extends OptionsOf<typeof OPTIONS> {}

const MAX_PIXELS = 178_956_970
// What a few bytes may become: no real picture is so large and so plain.
const PLAIN_PIXELS = 2 ** 25
const PIXELS_PER_BYTE = 1024

/**
 * Reads a JPEG, PNG, WebP or GIF (first frame) from a path, an address (`https:`, `file:`, `data:`) or bytes, recognised by
 * content (Pillow: `Image.open(source).convert('RGB')`, pixel for pixel): alpha is dropped, colour profiles are ignored. In a page also reads a canvas, a video's current frame
 * or an image element.
 *
 * Shape of the pixels: (height, width, 3).
 * @throws ImageError naming the file when it is missing, not an image, truncated, corrupt or too large.
 * @example
 * const image = await readImage('dog.jpg')
 * image.width // 500
 */
export async function readImage(
  source: platform.FilePath | platform.PagePixels,
  options: ReadImageOptions = {}
): Promise<Picture> {
  checkOptions('readImage', options, OPTIONS)
  const { maxPixels = MAX_PIXELS } = options
  if (isPlace(source)) {
    return naming(platform.fileName(source), ImageError, async () =>
      decode(await platform.readFile(source), options)
    )
  }
  checkArguments('readImage', { source }, { source: anObject('a path, a URL, a Blob, bytes or pixels') })
  return naming('the given pixels', ImageError, () => rgbOf(pixelsNow(source, maxPixels)))
}

function isPlace(source: platform.FilePath | platform.PagePixels): source is platform.FilePath {
  return typeof source === 'string' || isA(URL, source) || isBlob(source) || isBytes(source)
}

function pixelsNow(source: platform.PagePixels, maxPixels: number): platform.DecodedImage {
  if (!platform.isCanvasPixels(source)) return platform.drawnPixels(source, maxPixels)
  const { width, height, data } = source
  if (data.length !== 4 * width * height) {
    throw new platform.DecodeError(`has ${data.length} values, which are not ${height} × ${width} × 4`)
  }
  checkSize({ width, height }, maxPixels)
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length)
  return { width, height, channels: 4, layout: 'rgb', data: samples }
}

function checkSize({ width, height }: ImageSize, maxPixels: number): void {
  if (width * height <= maxPixels) return
  throw new Fault(`has ${width} × ${height} pixels, more than the ${maxPixels} allowed by maxPixels`)
}

function checkPlausible({ width, height }: ImageSize, bytes: number): void {
  if (width * height <= PLAIN_PIXELS + PIXELS_PER_BYTE * bytes) return
  throw new Fault(
    `has ${width} × ${height} pixels in ${bytes} bytes, as no real picture has; give maxPixels if you trust the file`
  )
}

async function decode(
  bytes: Uint8Array,
  { exifOrientation = false, maxPixels: given }: ReadImageOptions
): Promise<Picture> {
  const { format, samples, ...size } = readImageHeader(bytes)
  const maxPixels = given ?? MAX_PIXELS
  checkSize(size, maxPixels)
  if (given === undefined) checkPlausible(size, bytes.length)
  const upright = takeOrientation(format, bytes)
  const layout = samples === 'other' ? 'rgb' : samples
  const image = await pixelsOf(format, upright.bytes, { layout, maxPixels })
  return exifOrientation ? turned(image, upright.orientation) : image
}

async function pixelsOf(
  format: ImageHeader['format'],
  bytes: Uint8Array,
  options: platform.DecodeOptions
): Promise<Picture> {
  if (format === 'gif') return decodeGif(bytes, readGifFrame(bytes))
  if (format === 'jpeg') checkJpegScans(bytes)
  const sound = format === 'png' ? soundPng(bytes) : bytes
  const decoded = await platform.decodeImage(sound, options).catch((error: unknown) => {
    if (!(error instanceof platform.DecodeError)) throw error
    if (isCutShort(format, bytes)) throw new platform.DecodeError('is truncated')
    if (format !== 'png') throw error
    return platform.decodeImage(mendedPng(bytes), options)
  })
  return rgbOf(decoded)
}
