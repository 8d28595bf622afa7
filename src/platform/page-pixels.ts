// Pixels that a page has already: drawn on a canvas, shown by a video, decoded to a bitmap. Nothing here needs a page.

// What the types of a browser call so; nothing where they are not there, as in a project for Node.
type Global<Name extends string> =
  typeof globalThis extends Record<Name, { readonly prototype: infer Instance }> ? Instance : never

/** Something that can be drawn on a canvas: a canvas, a bitmap, an image, what a video shows, a frame of one. */
export type Drawable =
  | Global<'ImageBitmap'>
  | Global<'OffscreenCanvas'>
  | Global<'HTMLCanvasElement'>
  | Global<'HTMLImageElement'>
  | Global<'HTMLVideoElement'>
  | Global<'VideoFrame'>

/** A canvas's pixels, as `getImageData` gives them; their alpha is dropped. Shape: (height, width, 4). */
export interface CanvasPixels {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  readonly data: Uint8ClampedArray
}

/** Pixels that a page has already. */
export type PagePixels = Drawable | CanvasPixels

/** Whether it is what `getImageData` gives. */
export function isCanvasPixels(source: PagePixels): source is CanvasPixels {
  return 'data' in source && source.data instanceof Uint8ClampedArray
}
