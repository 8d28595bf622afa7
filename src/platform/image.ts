// Images: what both sides of `#platform` share.
import { aFunction, numberAbove, type OptionsOf } from '../base/options.js'
import { Fault } from '../base/errors.js'
import { isA } from '../base/kinds.js'

/** Sample layouts: 8-bit RGB, 8-bit CMYK (inverted to 255 = no ink, as in Adobe's files), or 16-bit grey. */
export type SampleLayout = 'rgb' | 'cmyk' | 'grey16'

export interface DecodeOptions {
  /** The layout in the file's header; a decoder may convert to RGB instead. */
  readonly layout: SampleLayout
  /** A limit in case the header is wrong. */
  readonly maxPixels: number
}

/** Decoded samples, interleaved, row by row. Shape: (height, width, channels). */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly layout: SampleLayout
  readonly data: Uint8Array | Uint16Array
}

export class DecodeError extends Fault {}

/** Pixels to encode: 8-bit RGB, interleaved, row by row. Shape: (height, width, 3). */
export interface EncodablePixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export class EncodeError extends Fault {}

export const RENDER_OPTIONS = {
  /** Pixels per SVG unit; default 2, for high-resolution screens. */
  scale: numberAbove(0),
  /**
   * Called with the characters that are drawn as empty boxes, if there are any: in Node all texts are in DejaVu Sans, which has
   * no Chinese, Japanese or Korean. A browser finds a font for every character.
   */
  onMissing: aFunction<(characters: readonly string[]) => void>()
}

/** Options of `renderSvg`. */
export interface RenderOptions extends OptionsOf<typeof RENDER_OPTIONS> {}

// What a page can draw. A browser type by name; undefined in projects without the DOM's types.
type Global<Name extends string> =
  typeof globalThis extends Record<Name, { readonly prototype: infer Instance }> ? Instance : never

/** Anything that can be drawn on a canvas. */
export type Drawable =
  | Global<'ImageBitmap'>
  | Global<'OffscreenCanvas'>
  | Global<'HTMLCanvasElement'>
  | Global<'HTMLImageElement'>
  | Global<'HTMLVideoElement'>
  | Global<'VideoFrame'>

/** The result of `getImageData`; alpha is dropped. Shape: (height, width, 4). */
export interface CanvasPixels {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  readonly data: Uint8ClampedArray
}

export type PagePixels = Drawable | CanvasPixels

export function isCanvasPixels(source: PagePixels): source is CanvasPixels {
  return 'data' in source && isA(Uint8ClampedArray, source.data)
}
