// Images in the browser: the same names as node-images.ts, over createImageBitmap and a canvas off screen.
import { FileError } from './file.js'
import {
  DecodeError,
  EncodeError,
  type DecodedImage,
  type DecodeOptions,
  type EncodablePixels
} from './image.js'

/**
 * Decodes whatever the browser can; embedded colour profiles are ignored. The browser converts CMYK and 16-bit grey
 * by its own rules, and a canvas loses the colour of transparent pixels, so only opaque images of 8 bits can equal
 * Pillow's pixels.
 * @throws DecodeError when the browser cannot decode the bytes.
 */
export async function decodeImage(
  bytes: Uint8Array,
  { exifOrientation, maxPixels }: DecodeOptions
): Promise<DecodedImage> {
  const bitmap = await bitmapOf(bytes, exifOrientation)
  try {
    const { width, height } = bitmap
    if (width * height > maxPixels) throw new DecodeError('has more pixels than are allowed')
    const context = new OffscreenCanvas(width, height).getContext('2d', {
      colorSpace: 'srgb',
      willReadFrequently: true
    })
    if (!context)
      throw new DecodeError(`needs a canvas of ${width} × ${height} pixels, which is not to be had`)
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    return { width, height, channels: 4, layout: 'rgb', data: new Uint8Array(data.buffer) }
  } finally {
    bitmap.close()
  }
}

/**
 * Encodes pixels as a PNG, without loss.
 * @throws EncodeError when there are no pixels, or no canvas is to be had.
 */
export async function encodePng({ width, height, data }: EncodablePixels): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { colorSpace: 'srgb' })
    if (!context) throw new EncodeError('no canvas is to be had')
    const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4)
      pixels.set(data.subarray(from, from + 3), to)
    context.putImageData(new ImageData(pixels, width, height), 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/png' })
    return new Uint8Array(await blob.arrayBuffer())
  } catch (cause) {
    throw new EncodeError(`cannot be encoded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    })
  }
}

/** @throws FileError always: a page has no folders to list. */
export async function listFolder(path: string): Promise<string[] | undefined> {
  throw new FileError(path, 'a browser cannot list folders; give it the files')
}

/** @throws FileError always: a page has no folders to read. */
export async function readFolder(path: string): Promise<never> {
  throw new FileError(path, 'a browser cannot list folders; give it the files')
}

async function bitmapOf(bytes: Uint8Array, exifOrientation: boolean): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([new Uint8Array(bytes)]), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: exifOrientation ? 'from-image' : 'none'
    })
  } catch (cause) {
    throw new DecodeError('is truncated or corrupt', { cause })
  }
}
