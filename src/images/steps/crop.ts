// Random crops of a given size, and the centre crop that evaluation uses.
import { aBoolean, oneOf, wholeNumber } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError, type ImageSize, type Picture } from '../picture.js'
import { centerRegion, cutOut, pad, type ImageBorders } from '../pixels/cut-out.js'
import { below } from '../random/draws.js'
import { border, imageSize, makeStep, perChannel, sidesOf, type PixelSize } from './options.js'

/** What `randomCrop` makes. */
export interface RandomCrop {
  readonly name: 'randomCrop'
  readonly size: ImageSize
  readonly padding: ImageBorders
  readonly padIfNeeded: boolean
  /** A level for all channels, or one for each. */
  readonly fill: readonly number[]
}

/** How `randomCrop` makes room. */
export interface RandomCropOptions {
  /** Border in pixels: on all sides, on left and right and on top and bottom, or left, top, right, bottom. */
  readonly padding?:
    | number
    | readonly [across: number, down: number]
    | readonly [left: number, top: number, right: number, bottom: number]
  /** The border's colour, 0 … 255: for all channels, or for each. Default 0. */
  readonly fill?: number | readonly number[]
  /** Whether a picture that is too small is padded; otherwise it is an error. Default false. */
  readonly padIfNeeded?: boolean
}

/** What `centerCrop` makes. */
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
 * A crop at a random place, after padding (torchvision: `RandomCrop`).
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
 * The middle of a picture; where the picture is smaller, it is padded with black (torchvision: `CenterCrop`).
 * @throws ImageError when a side is not a whole number of pixels from 1 to 4096.
 */
export function centerCrop(size: PixelSize): CenterCrop {
  return makeStep(readCenterCrop, 'centerCrop', { name: 'centerCrop', size: sidesOf(size) })
}

/**
 * Does what a `RandomCrop` says.
 * @throws ImageError when the picture is too small and is not to be padded.
 */
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
  // What is missing is added on both sides, as torchvision does, so the crop may still lie anywhere.
  const across = padIfNeeded ? Math.max(0, width - room.width) : 0
  const down = padIfNeeded ? Math.max(0, height - room.height) : 0
  room = pad(room, { left: across, top: down, right: across, bottom: down }, fill)
  if (room.width < width || room.height < height) {
    throw new ImageError(
      'randomCrop',
      `${width} × ${height} pixels do not fit into ${room.width} × ${room.height}; see padIfNeeded`
    )
  }
  // torchvision draws nothing where there is no choice.
  if (room.width === width && room.height === height) return room
  const top = below(generator, room.height - height + 1)
  const left = below(generator, room.width - width + 1)
  return cutOut(room, { left, top, width, height })
}

/** Does what a `CenterCrop` says. */
export function applyCenterCrop(picture: Picture, { size }: CenterCrop): Picture {
  const { region, borders } = centerRegion(picture, size)
  return pad(cutOut(picture, region), borders, [0])
}

function bordersOf(padding: NonNullable<RandomCropOptions['padding']>): ImageBorders {
  const [left, top, right = left, bottom = top] = typeof padding === 'number' ? [padding, padding] : padding
  return { left, top, right, bottom }
}
