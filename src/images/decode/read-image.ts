// Reads an image from wherever it is. Every error names the file. What decodes files is loaded with the first, as pages start
// without any.
import { counted } from '../../base/figures.js'
import { naming } from '../../base/errors.js'
import { isA, isBlob, isBytes } from '../../base/kinds.js'
import {
  aBoolean,
  anObject,
  checkArguments,
  checkOptions,
  either,
  oneOf,
  positiveInteger,
  type Check,
  type OptionsOf
} from '../../base/options.js'
import * as platform from '#platform'
import { ImageError, type Picture } from '../picture.js'
import type * as Decoder from './decode-image.js'
import { checkSize, MAX_PIXELS } from './pixel-limits.js'
import { rgbOf } from './to-rgb.js'

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
    return naming(platform.fileName(source), ImageError, async () => {
      const loading = decoder ?? import('./decode-image.js')
      const checkHead = async (head: Uint8Array): Promise<unknown> => (await loading).formatOf(head)
      const reading = { maxBytes: MAX_BYTES, maxUnsized: MAX_UNSIZED_BYTES, checkHead }
      const [bytes, loaded] = await Promise.all([platform.readFile(source, reading), loading])
      decoder = loaded
      return decoder.decodeImage(bytes, options)
    })
  }
  checkArguments('readImage', { source }, { source: PIXELS })
  return naming('the given pixels', ImageError, () => rgbOf(pixelsNow(source, maxPixels)))
}

const { expected, accepts } = anObject('a path, a URL, a Blob, bytes or pixels')
const PIXELS: Check<platform.PagePixels> = {
  expected,
  accepts: value => accepts(value) && !Array.isArray(value) && !('then' in (value as object))
}

// Three bytes for each of the most pixels.
const MAX_BYTES = 2 ** 29
// No server compresses pictures as large, which are compressed already.
const MAX_UNSIZED_BYTES = 2 ** 26

// Kept, as each further import would be resolved again.
let decoder: typeof Decoder | undefined

function isPlace(source: platform.FilePath | platform.PagePixels): source is platform.FilePath {
  return typeof source === 'string' || isA(URL, source) || isBlob(source) || isBytes(source)
}

function pixelsNow(source: platform.PagePixels, maxPixels: number): platform.DecodedImage {
  if (!platform.isCanvasPixels(source)) return platform.drawnPixels(source, maxPixels)
  const { width, height, data } = source
  if (data.length !== 4 * width * height) {
    throw new platform.DecodeError(
      `has ${counted(data.length, 'value', 'values')}, which are not ${height} × ${width} × 4`
    )
  }
  checkSize({ width, height }, maxPixels)
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length)
  return { width, height, channels: 4, layout: 'rgb', data: samples }
}
