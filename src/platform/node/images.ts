// Images in Node: sharp only decodes and encodes, since neither its resize nor its colours are Pillow's. resvg draws SVG, with
// DejaVu Sans for every text, so that a picture is the same on every machine. Both are loaded when first needed.
import { messageOf } from '../../base/kinds.js'
import { shown } from '../../base/words.js'
import { Buffer } from 'node:buffer'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type sharp from 'sharp'
import type { Sharp } from 'sharp'
import { ResnetError } from '../../base/errors.js'
import { aString, checkArguments, checkOptions } from '../../base/options.js'
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
import { drawnTexts, missingGlyphs } from './font-coverage.js'

/**
 * Decodes a JPEG, PNG, WebP or GIF (its first frame); embedded colour profiles are ignored, as Pillow ignores them.
 * @throws DecodeError when the bytes are truncated or corrupt, or sharp is not installed.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedImage> {
  const { layout, maxPixels } = options
  const open = loadSharp()
  try {
    const image = open(bufferOf(bytes), {
      // Pillow forgives what libjpeg only warns of, and photographs in the wild need that; it forgives no missing data.
      failOn: 'error',
      ignoreIcc: true,
      limitInputPixels: Number.isSafeInteger(maxPixels) ? maxPixels : false
    })
    const { data, info } = await rawSamples(image, options).toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    const samples =
      layout === 'grey16'
        ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return { width, height, channels, layout, data: samples }
  } catch (error) {
    throw new DecodeError(faultOf(error))
  }
}

/** @throws DecodeError always: nothing is drawn in Node. */
export function drawnPixels(source: Drawable, _maxPixels: number): DecodedImage {
  throw new DecodeError(`expected a path, a URL, a Blob, bytes or pixels, got ${shown(source)}`)
}

/** Encodes pixels as a PNG. @throws EncodeError when there are none, or sharp is not installed. */
export async function encodePng({ width, height, data }: EncodablePixels): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const open = loadSharp()
    return new Uint8Array(
      await open(bufferOf(data), { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer()
    )
  } catch (cause) {
    const reason = cause instanceof DecodeError ? NO_SHARP : faultOf(cause)
    throw new EncodeError(`cannot be encoded: ${reason}`, { cause })
  }
}

/** The same bytes as sharp tells them: in the realm that Node itself is in. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

const NO_SHARP = 'the package "sharp" cannot be loaded'

// It takes two thirds of the time that `import` does, the first time and each other.
const require = createRequire(import.meta.url)

function loadSharp(): typeof sharp {
  try {
    return require('sharp') as typeof sharp
  } catch (cause) {
    throw new DecodeError('needs the package "sharp" to be decoded, which cannot be loaded', { cause })
  }
}

function rawSamples(image: Sharp, { layout }: DecodeOptions): Sharp {
  switch (layout) {
    case 'rgb':
      return image.removeAlpha().raw()
    case 'cmyk':
      // Named for the pipeline too, or its inks would pass through a profile.
      return image.pipelineColourspace('cmyk').toColourspace('cmyk').raw()
    case 'grey16':
      return image.removeAlpha().toColourspace('grey16').raw({ depth: 'ushort' })
  }
}

/** One sentence of what libvips, which may write several lines, says. */
function faultOf(error: unknown): string {
  const text = messageOf(error)
  if (text.includes('exceeds pixel limit')) return 'has more pixels than are allowed'
  if (/premature end|truncated|unexpected end|out of data|not enough data|end of (file|stream)/i.test(text)) {
    return 'is truncated'
  }
  const [line = ''] = text
    .replace(/^Input (buffer|file) (has corrupt header|contains unsupported image format):?\s*/, '')
    .split('\n')
  const detail = line.replace(/^\w+: /, '').trim()
  return detail === '' || detail === 'Unknown error' ? 'is corrupt' : `is corrupt: ${detail}`
}

/**
 * Renders an SVG as a PNG. Whatever fonts it asks for, it gets DejaVu Sans; queries of media are not answered, so it
 * should be of one theme.
 * @throws ResnetError when it cannot be read.
 */
export async function renderSvg(svg: string, options: RenderOptions = {}): Promise<Uint8Array> {
  const { scale = 2, onMissing } = checkOptions('renderSvg', options, RENDER_OPTIONS)
  checkArguments('renderSvg', { svg }, { svg: aString })
  const { Resvg } = await import('@resvg/resvg-js')
  const folder = dirname(require.resolve('dejavu-fonts-ttf/package.json'))
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(name => join(folder, 'ttf', name))
  const font = {
    fontFiles,
    loadSystemFonts: false,
    defaultFontFamily: 'DejaVu Sans',
    sansSerifFamily: 'DejaVu Sans'
  }
  let png: Uint8Array
  try {
    png = new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font }).render().asPng()
  } catch (cause) {
    throw new ResnetError(`renderSvg: cannot be read as SVG: ${String(cause)}`, { cause })
  }
  const missing = onMissing ? await missingGlyphs(drawnTexts(svg), fontFiles) : []
  if (missing.length > 0) onMissing?.(missing)
  return png
}
