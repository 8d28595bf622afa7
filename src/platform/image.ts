// What both sides of `#platform` agree on about images: what a decoder is told, what it gives, how it fails.
import { numberAbove, type Checks } from '../base/options.js'
import { Fault } from '../base/errors.js'

/**
 * How samples are laid out: RGB of 8 bits, the four inks of a CMYK file of 8 bits (0 is full ink, as Adobe
 * writes them, already turned to 255), or one grey channel of 16 bits.
 */
export type SampleLayout = 'rgb' | 'cmyk' | 'grey16'

/** What the decoder has to know beside the bytes. */
export interface DecodeOptions {
  /** What the file's header says it holds; a decoder that converts by itself may give RGB instead. */
  readonly layout: SampleLayout
  /** Whether an alpha channel is kept behind the three of RGB, colours not multiplied by it. */
  readonly keepAlpha: boolean
  /** A second guard against bombs, should the header have lied. */
  readonly maxPixels: number
}

/** Decoded samples, interleaved, row after row. Shape: (height, width, channels). */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly layout: SampleLayout
  readonly data: Uint8Array | Uint16Array
}

/** Bytes that a decoder refuses. */
export class DecodeError extends Fault {}

/** Pixels to encode: eight-bit RGB, interleaved, row after row. Shape: (height, width, 3). */
export interface EncodablePixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Pixels that cannot be encoded here. */
export class EncodeError extends Fault {}

/** How an SVG becomes pixels. */
export interface RenderOptions {
  /** Pixels for each unit of the SVG; default 2, sharp on today's screens. */
  readonly scale?: number
}

/** What those must be. */
export const RENDER_OPTIONS: Checks<RenderOptions> = { scale: numberAbove(0) }
