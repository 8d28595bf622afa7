// From what the reader shows to pixels, and from pixels to something the page can draw.
import { digits, randomSplit, readImage, type Dataset } from 'resnet-ts'
import type { Picture } from 'resnet-ts/images'
import { digitPicture, PAPER, type Stroke } from './run-digit.js'

/** What a network is shown. */
export type Shown =
  | { readonly kind: 'strokes'; readonly strokes: readonly Stroke[] }
  /** A bundled digit that the bundled network was not trained on, by its place among those. */
  | { readonly kind: 'digit'; readonly index: number }
  /** The bundled photograph. */
  | { readonly kind: 'cat' }
  | { readonly kind: 'file'; readonly file: File }

const CAT = new URL('../../../../assets/cat.jpg', import.meta.url)
/** The part of the digits that the bundled network was not trained on. */
const HELD_BACK = { share: 0.2, seed: 0 }
const LINE = 14

let heldBack: Promise<Dataset> | undefined

function samples(): Promise<Dataset> {
  heldBack ??= digits().then(all => randomSplit(all, HELD_BACK.share, HELD_BACK.seed).validation)
  return heldBack
}

/** Which digit each of the bundled ones shows. */
export async function sampleLabels(): Promise<readonly number[]> {
  return Array.from((await samples()).labels)
}

/**
 * The pixels of what is shown.
 * @param asDigit whether strokes are meant as one of the digits the network knows.
 * @throws ImageError when a file is no picture.
 */
export async function pixelsOf(shown: Shown, asDigit: boolean): Promise<Picture> {
  switch (shown.kind) {
    case 'strokes':
      return asDigit ? digitPicture(shown.strokes) : sketch(shown.strokes)
    case 'digit':
      return samplePicture(shown.index)
    case 'cat':
      return readImage(CAT)
    case 'file':
      return readImage(shown.file)
  }
}

async function samplePicture(index: number): Promise<Picture> {
  const source = (await samples()).source(index)
  if (!('picture' in source)) throw new Error('The bundled digits are in memory')
  return source.picture
}

/** Strokes as one sees them: dark on white paper. */
function sketch(strokes: readonly Stroke[]): Picture {
  const context = new OffscreenCanvas(PAPER, PAPER).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser gives a worker no canvas')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, PAPER, PAPER)
  Object.assign(context, { lineWidth: LINE, lineCap: 'round', lineJoin: 'round', strokeStyle: '#111' })
  for (const stroke of strokes) {
    context.beginPath()
    for (let i = 0; i < stroke.length; i += 2) context.lineTo(stroke[i], stroke[i + 1])
    // A line to itself is a dot.
    context.lineTo(stroke[stroke.length - 2], stroke[stroke.length - 1])
    context.stroke()
  }
  const { data } = context.getImageData(0, 0, PAPER, PAPER)
  const pixels = PAPER * PAPER
  return {
    width: PAPER,
    height: PAPER,
    channels: 3,
    data: Uint8Array.from({ length: 3 * pixels }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)])
  }
}

/** Something to draw: pixels that another thread can take over. */
export function bitmapOf({ width, height, channels, data }: Picture): Promise<ImageBitmap> {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2]
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    pixels[to] = data[from]
    pixels[to + 1] = data[from + green]
    pixels[to + 2] = data[from + blue]
  }
  return createImageBitmap(new ImageData(pixels, width, height))
}
