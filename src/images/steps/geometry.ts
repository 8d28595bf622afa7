// Steps that crop, resize and flip.
import { aBoolean, wholeNumber } from '../../base/options.js'
import { checkedBy, record, list, optional } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError, type Picture, type ImageSize, type Region } from '../picture.js'
import { turned } from '../pixels/affine.js'
import { centerRegion, cutOut, pad, type ImageBorders } from '../pixels/cut-out.js'
import { below, drawSides, chance, roundHalfEven, type Shape } from '../random/draws.js'
import type { Resampling } from '../resize/filters.js'
import { resizer, shorterSideSize } from '../resize/resize.js'
import * as field from './options.js'
import type { PixelSize, StepOf, ValueRange } from './options.js'

const CENTER_CROP = { name: field.named('centerCrop'), size: field.imageSize }
const RANDOM_CROP = {
  name: field.named('randomCrop'),
  size: field.imageSize,
  padding: record<ImageBorders>({
    left: field.border,
    top: field.border,
    right: field.border,
    bottom: field.border
  }),
  padIfNeeded: checkedBy(aBoolean),
  /** A level for all channels, or one for each. */
  fill: field.perChannel(checkedBy(wholeNumber(0, 255)))
}

/** A step made by `randomCrop`. */
export interface RandomCrop extends StepOf<typeof RANDOM_CROP> {}

/** A step made by `centerCrop`. */
export interface CenterCrop extends StepOf<typeof CENTER_CROP> {}

export const readCenterCrop = record<CenterCrop>(CENTER_CROP)
export const readRandomCrop = record<RandomCrop>(RANDOM_CROP)

/** Options of `randomCrop`. */
export interface RandomCropOptions {
  /** Padding in pixels: all sides; horizontal and vertical; or left, top, right, bottom. */
  readonly padding?:
    | number
    | readonly [across: number, down: number]
    | readonly [left: number, top: number, right: number, bottom: number]
  /** Colour of the padding, 0 … 255, one level or one per channel; default 0. */
  readonly fill?: number | readonly number[]
  /** Pad pictures that are too small instead of throwing; default false. */
  readonly padIfNeeded?: boolean
}

/**
 * A random crop after padding (torchvision: `RandomCrop`).
 * @throws ImageError when an option is unknown or out of range.
 * @example
 * randomCrop(32, { padding: 4 }) // as for CIFAR
 */
export function randomCrop(size: PixelSize, options: RandomCropOptions = {}): RandomCrop {
  const { padding = 0, fill = 0, ...others } = field.givenIn('randomCrop', options)
  const step = {
    name: 'randomCrop',
    size: field.sidesOf(size),
    padding: bordersOf(padding),
    padIfNeeded: false,
    fill: typeof fill === 'number' ? [fill] : fill
  }
  return field.makeStep(readRandomCrop, 'randomCrop', step, others)
}

/**
 * A centre crop; smaller pictures are padded with black (torchvision: `CenterCrop`).
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096.
 */
export function centerCrop(size: PixelSize): CenterCrop {
  return field.makeStep(readCenterCrop, 'centerCrop', { name: 'centerCrop', size: field.sidesOf(size) })
}

/** Applies a `RandomCrop`. @throws ImageError when the picture is too small and not padded. */
export function applyRandomCrop(
  picture: Picture,
  { size, padding, padIfNeeded, fill }: RandomCrop,
  generator: RandomGenerator
): Picture {
  if (fill.length > picture.channels) {
    throw new ImageError('randomCrop', `fill has ${fill.length} levels, but the picture has 1 channel`)
  }
  const { width, height } = size
  let room = pad(picture, padding, fill)
  // Pads by the missing pixels on both sides, as torchvision does.
  const across = padIfNeeded ? Math.max(0, width - room.width) : 0
  const down = padIfNeeded ? Math.max(0, height - room.height) : 0
  room = pad(room, { left: across, top: down, right: across, bottom: down }, fill)
  if (room.width < width || room.height < height) {
    throw new ImageError(
      'randomCrop',
      `${width} × ${height} pixels do not fit into ${room.width} × ${room.height}; see padIfNeeded`
    )
  }
  // torchvision draws nothing if only one position is possible.
  if (room.width === width && room.height === height) return room
  const top = below(generator, room.height - height + 1)
  const left = below(generator, room.width - width + 1)
  return cutOut(room, { left, top, width, height })
}

export function applyCenterCrop(picture: Picture, { size }: CenterCrop): Picture {
  const { region, borders } = centerRegion(picture, size)
  return pad(cutOut(picture, region), borders, [0])
}

function bordersOf(padding: NonNullable<RandomCropOptions['padding']>): ImageBorders {
  const [left, top, right = left, bottom = top] = typeof padding === 'number' ? [padding, padding] : padding
  return { left, top, right, bottom }
}

const RESIZED_CROP = {
  name: field.named('randomResizedCrop'),
  size: field.imageSize,
  /** Range of the relative area; default 0.08 to 1. */
  scale: field.interval(0, 1),
  /** Range of width / height before the resize; default 3/4 to 4/3. */
  ratio: field.ratio
}

/** A step made by `randomResizedCrop`. */
export interface RandomResizedCrop extends StepOf<typeof RESIZED_CROP> {}

/** Options of `randomResizedCrop`. */
export interface RandomResizedCropOptions extends Partial<Pick<RandomResizedCrop, 'scale' | 'ratio'>> {}

export const readRandomResizedCrop = record<RandomResizedCrop>(RESIZED_CROP)

/**
 * Crops a random region and resizes it (torchvision: `RandomResizedCrop`, bilinear).
 *
 * From Going Deeper with Convolutions, Szegedy et al. 2014, https://arxiv.org/abs/1409.4842
 * @throws ImageError when an option is unknown or out of range.
 */
export function randomResizedCrop(
  size: PixelSize,
  options: RandomResizedCropOptions = {}
): RandomResizedCrop {
  const step = {
    name: 'randomResizedCrop',
    size: field.sidesOf(size),
    scale: [0.08, 1],
    ratio: [3 / 4, 4 / 3]
  }
  return field.makeStep(readRandomResizedCrop, 'randomResizedCrop', step, options)
}

export function applyRandomResizedCrop(
  picture: Picture,
  transform: RandomResizedCrop,
  generator: RandomGenerator
): Picture {
  return resized(cutOut(picture, drawRegion(picture, transform, generator)), transform.size)
}

function drawRegion(whole: ImageSize, shape: Shape, generator: RandomGenerator): Region {
  const sides = drawSides(
    whole,
    shape,
    generator,
    (width, height) => width > 0 && width <= whole.width && height > 0 && height <= whole.height
  )
  if (!sides) return middle(whole, shape.ratio)
  const { long: width, short: height } = sides
  const top = below(generator, whole.height - height + 1)
  const left = below(generator, whole.width - width + 1)
  return { left, top, width, height }
}

/** The largest central region within the ratios. */
function middle({ width, height }: ImageSize, [narrowest, widest]: ValueRange): Region {
  const ratio = width / height
  // PyTorch difference: at least one pixel, where torchvision's resize would fail.
  const part = {
    width: ratio > widest ? Math.max(1, roundHalfEven(height * widest)) : width,
    height: ratio < narrowest ? Math.max(1, roundHalfEven(width / narrowest)) : height
  }
  return {
    ...part,
    left: Math.floor((width - part.width) / 2),
    top: Math.floor((height - part.height) / 2)
  }
}

const RESIZE = {
  name: field.named('resize'),
  /** Of the shorter side, or of both, in pixels. */
  size: (value: unknown, path: string): number | ImageSize =>
    typeof value === 'object' ? field.imageSize(value, path) : field.side(value, path),
  /** Default bilinear. */
  interpolation: optional(field.resampling)
}

/** Options of `resize` and `resizeShorter`. */
export interface ResizeOptions {
  /** How pixels are weighed, with Pillow's filters; default 'bilinear'. */
  readonly interpolation?: Resampling | undefined
}

/** A step made by `resizeShorter` or `resize`. */
export interface Resize extends StepOf<typeof RESIZE> {}

export const readResize = record<Resize>(RESIZE)

/** A limit for very long pictures, whose shorter side is resized. */
const MOST_PIXELS = 178_956_970

/**
 * Resizes the shorter side and keeps the aspect ratio (torchvision: `Resize(size)`).
 * @throws ImageError when the size is not a whole number of pixels from 1 to 4096, or an option is unknown.
 * @example
 * resizeShorter(235, { interpolation: 'bicubic' })
 */
export function resizeShorter(size: number, options: ResizeOptions = {}): Resize {
  return field.makeStep(readResize, 'resizeShorter', { name: 'resize', size }, options)
}

/**
 * Resizes both sides (torchvision: `Resize((height, width))`).
 *
 * PyTorch difference: `Resize(size)` with one number is `resizeShorter(size)`.
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096, or an option is unknown.
 */
export function resize(size: readonly [height: number, width: number], options: ResizeOptions = {}): Resize {
  if (typeof size === 'number') {
    const remedy = `resizeShorter(${size as number}) resizes the shorter side, as torchvision's Resize(${size as number}) does`
    throw new ImageError('resize.size', `expected [height, width], got ${size as number}; ${remedy}`)
  }
  // Unknown options are told before a wrong size.
  field.makeStep(readResize, 'resize', { name: 'resize', size: 1 }, options)
  const [height, width] = field.asImageError(() => list(field.side, 2)(size, 'resize.size'))
  return field.makeStep(readResize, 'resize', { name: 'resize', size: { width, height } }, options)
}

export function resizedSize(from: ImageSize, { size }: Resize): ImageSize {
  return typeof size === 'number' ? shorterSideSize(from, size) : size
}

/** Applies a `Resize`. @throws ImageError when the result would be too large. */
export function applyResize(picture: Picture, resize: Resize): Picture {
  const to = resizedSize(picture, resize)
  if (to.width * to.height <= MOST_PIXELS) return resized(picture, to, resize.interpolation)
  throw new ImageError(
    'resize',
    `${picture.width} × ${picture.height} pixels would become ${to.width} × ${to.height}, more than ${MOST_PIXELS}`
  )
}

/** Resizes a picture (Pillow: `image.resize((width, height), resampling)`, default bilinear). */
export function resized(picture: Picture, to: ImageSize, resampling?: Resampling): Picture {
  const isAsItWas = to.width === picture.width && to.height === picture.height
  return isAsItWas ? picture : resizer(picture, to, undefined, resampling)(picture)
}

const FLIP = { name: field.named('randomHorizontalFlip', 'randomVerticalFlip'), p: field.probability }

/** A step made by `randomHorizontalFlip` or `randomVerticalFlip`, with its probability. */
export interface RandomFlip extends StepOf<typeof FLIP> {}

export const readFlip = record<RandomFlip>(FLIP)

// As EXIF numbers them.
const [MIRRORED, UPSIDE_DOWN] = [2, 4] as const

/**
 * Flips horizontally with probability `p` (torchvision: `RandomHorizontalFlip`).
 * @throws ImageError when `p` is not between 0 and 1.
 */
export function randomHorizontalFlip(p = 0.5): RandomFlip {
  return field.makeStep(readFlip, 'randomHorizontalFlip', { name: 'randomHorizontalFlip', p })
}

/**
 * Flips vertically with probability `p` (torchvision: `RandomVerticalFlip`).
 * @throws ImageError when `p` is not between 0 and 1.
 */
export function randomVerticalFlip(p = 0.5): RandomFlip {
  return field.makeStep(readFlip, 'randomVerticalFlip', { name: 'randomVerticalFlip', p })
}

export function applyRandomFlip(
  picture: Picture,
  { name, p }: RandomFlip,
  generator: RandomGenerator
): Picture {
  if (!chance(generator, p)) return picture
  return turned(picture, name === 'randomHorizontalFlip' ? MIRRORED : UPSIDE_DOWN)
}
