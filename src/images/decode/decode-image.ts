// Decodes an image of any format that is read: header check, mending, decoding, conversion.
import * as platform from '#platform'
import { turned } from '../pixels/affine.js'
import type { Picture } from '../picture.js'
import { takeOrientation } from './exif-orientation.js'
import { decodeGif, readGifFrame } from './gif.js'
import { formatOf, isCutShort, readImageHeader, type ImageHeader } from './image-header.js'
import { checkJpegScans } from './jpeg-scans.js'
import { checkPlausible, checkSize, MAX_PIXELS } from './pixel-limits.js'
import { mendedPng, soundPng } from './sound-png.js'
import { rgbOf } from './to-rgb.js'

export { formatOf }

/** As in `readImage`. */
interface Decoding {
  readonly exifOrientation?: boolean | undefined
  readonly maxPixels?: number | undefined
}

/** The pixels of an encoded image. @throws Fault where it is damaged or too large. */
export async function decodeImage(
  bytes: Uint8Array,
  { exifOrientation = false, maxPixels: given }: Decoding
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
