import { aBoolean, oneOf, wholeNumber } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { centerRegion, cutOut, pad, type ImageBorders } from '../pixels/cut-out.js'
import { below } from '../random/draws.js'
import { border, imageSize, makeStep, perChannel, sidesOf, type PixelSize } from './options.js'

/** A step made by `randomCrop`. */
export interface RandomCrop {
  readonly name: 'randomCrop'
  readonly size: ImageSize
  readonly padding: ImageBorders
  readonly padIfNeeded: boolean
  /** A level for all channels, or one for each. */
  readonly fill: readonly number[]
}

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

/** A step made by `centerCrop`. */
export interface CenterCrop {
  readonly name: 'centerCrop'
  readonly size: ImageSize
}

export const readCenterCrop = record<CenterCrop>({ name: checkedBy(oneOf('centerCrop')), size: imageSize })
export const readRandomCrop = record<RandomCrop>({
  name: checkedBy(oneOf('randomCrop')),
  size: imageSize,
  padding: record<ImageBorders>({ left: border, top: border, right: border, bottom: border }),
  padIfNeeded: checkedBy(aBoolean),
  fill: perChannel(checkedBy(wholeNumber(0, 255)))
})

/**
 * A random crop after padding (torchvision: `RandomCrop`).
 * @throws ImageError when an option is unknown or out of range.
 * @example
 * randomCrop(32, { padding: 4 }) // as for CIFAR
 */
export function randomCrop(
  size: PixelSize,
  { padding = 0, fill = 0, ...options }: RandomCropOptions = {}
): RandomCrop {
  const step = {
    name: 'randomCrop',
    size: sidesOf(size),
    padding: bordersOf(padding),
    padIfNeeded: false,
    fill: typeof fill === 'number' ? [fill] : fill
  }
  return makeStep(readRandomCrop, 'randomCrop', step, options)
}

/**
 * A centre crop; smaller pictures are padded with black (torchvision: `CenterCrop`).
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096.
 */
export function centerCrop(size: PixelSize): CenterCrop {
  return makeStep(readCenterCrop, 'centerCrop', { name: 'centerCrop', size: sidesOf(size) })
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
