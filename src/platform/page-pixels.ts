// Pixels of a page: canvas, video, bitmap. Usable without a page.

// A browser type by name; undefined in projects without the DOM's types.
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

/** Whether it is a result of `getImageData`. */
export function isCanvasPixels(source: PagePixels): source is CanvasPixels {
  return 'data' in source && source.data instanceof Uint8ClampedArray
}
