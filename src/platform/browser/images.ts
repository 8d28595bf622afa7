// Images in the browser, over createImageBitmap and a canvas; SVG with the fonts that the reader's system has.
import { messageOf } from '../../base/kinds.js'
import { ResnetError } from '../../base/errors.js'
import { aString, checkArguments, checkOptions } from '../../base/options.js'
import { canvasPixels, isTranslucent, straightPixels, type RgbaPixels } from './bitmaps.js'
import { crc32 } from './crc32.js'
import {
  DecodeError,
  EncodeError,
  type DecodedImage,
  type DecodeOptions,
  type Drawable,
  type EncodablePixels,
  RENDER_OPTIONS,
  type RenderOptions
} from '../image.js'

/**
 * Decodes whatever the browser can; embedded colour profiles are ignored. Pixels equal Pillow's, but for CMYK, whose
 * mixing the browser rounds its own way; where there is no WebGL, also but for translucent pixels and grey of 16 bits.
 * @throws DecodeError when the browser cannot decode the bytes.
 */
export async function decodeImage(
  bytes: Uint8Array,
  { layout, maxPixels }: DecodeOptions
): Promise<DecodedImage> {
  if (layout === 'grey16') {
    const pixels = await decode(asGreyWithAlpha(bytes), maxPixels, straightPixels)
    if (pixels) return { ...pixels, channels: 1, layout, data: deepGrey(pixels) }
  }
  return decode(new Uint8Array(bytes), maxPixels, bitmap => {
    const pixels = canvasPixels(bitmap, bitmap.width, bitmap.height)
    const exact = isTranslucent(pixels) ? straightPixels(bitmap) : undefined
    return { ...(exact ?? pixels), channels: 4, layout: 'rgb' }
  })
}

/**
 * What something that can be drawn shows now; colours of translucent pixels come back only about as they were.
 * @throws DecodeError when it shows nothing yet, or nothing any more, or the page may not read it.
 */
export function drawnPixels(source: Drawable, maxPixels: number): DecodedImage {
  const [width, height] = sizeOf(source)
  if (width === 0 || height === 0)
    throw new DecodeError('shows nothing: it is not loaded yet, or closed already')
  if (!(width * height <= maxPixels)) throw new DecodeError('has more pixels than are allowed')
  return { ...canvasPixels(source, width, height), channels: 4, layout: 'rgb' }
}

function sizeOf(source: Drawable): [width: number, height: number] {
  if ('videoWidth' in source) return [source.videoWidth, source.videoHeight]
  if ('naturalWidth' in source) return [source.naturalWidth, source.naturalHeight]
  if ('displayWidth' in source) return [source.displayWidth, source.displayHeight]
  return [source.width, source.height]
}

/** Encodes pixels as a PNG. @throws EncodeError when there are none, or no canvas can be allocated. */
export async function encodePng({ width, height, data }: EncodablePixels): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { colorSpace: 'srgb' })
    if (!context) throw new EncodeError('the browser cannot allocate a canvas')
    const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4)
      pixels.set(data.subarray(from, from + 3), to)
    context.putImageData(new ImageData(pixels, width, height), 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/png' })
    return new Uint8Array(await blob.arrayBuffer())
  } catch (cause) {
    throw new EncodeError(`cannot be encoded: ${messageOf(cause)}`, {
      cause
    })
  }
}

async function decode<T>(
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels: number,
  use: (bitmap: ImageBitmap) => T
): Promise<T> {
  const bitmap = await bitmapOf(bytes)
  try {
    if (bitmap.width * bitmap.height > maxPixels) throw new DecodeError('has more pixels than are allowed')
    return use(bitmap)
  } finally {
    bitmap.close()
  }
}

async function bitmapOf(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes]), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none'
    })
  } catch (cause) {
    throw new DecodeError('is truncated or corrupt', { cause })
  }
}

// Grey PNG of 16 bits a sample, which browsers reduce to eight before a page sees them. Its rows are, byte for byte, those of a
// PNG of eight bits with a grey and an alpha channel, filters and interlacing too: so it is decoded as one.
// Source: PNG Specification, third edition, §7.2 and §9.2.
const [HEADER_TYPE, DEPTH, COLOUR_TYPE, HEADER_END] = [12, 24, 25, 29]
const GREY_WITH_ALPHA = 4

/** The file with a header that says so. */
function asGreyWithAlpha(png: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(png)
  file[DEPTH] = 8
  file[COLOUR_TYPE] = GREY_WITH_ALPHA
  new DataView(file.buffer).setUint32(HEADER_END, crc32(file.subarray(HEADER_TYPE, HEADER_END)))
  return file
}

/** The samples again: grey is the high byte and alpha the low one. Shape: (H, W, 4) → (H, W). */
function deepGrey({ data }: RgbaPixels): Uint16Array {
  const [stride, low] = [4, 3]
  return Uint16Array.from(
    { length: data.length / stride },
    (_, i) => data[stride * i] * 256 + data[stride * i + low]
  )
}

/**
 * Renders an SVG as a PNG.
 * @throws ResnetError when the browser cannot read it, or has no canvas so large.
 */
export async function renderSvg(svg: string, options: RenderOptions = {}): Promise<Uint8Array> {
  const { scale = 2 } = checkOptions('renderSvg', options, RENDER_OPTIONS)
  checkArguments('renderSvg', { svg }, { svg: aString })
  const image = new Image()
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(scale * image.naturalWidth)
    canvas.height = Math.ceil(scale * image.naturalHeight)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
    if (!blob)
      throw new ResnetError(
        `renderSvg: the browser cannot allocate a canvas of ${canvas.width} × ${canvas.height} pixels`
      )
    return new Uint8Array(await blob.arrayBuffer())
  } catch (cause) {
    if (cause instanceof ResnetError) throw cause
    throw new ResnetError('renderSvg: the browser cannot draw this SVG', { cause })
  } finally {
    URL.revokeObjectURL(url)
  }
}
