// Random crops of a given size, and the centre crop that evaluation uses.
import { aBoolean, either, listOf, pairOf, wholeNumber, type Checks } from '../../base/options.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { centerCropPlan } from '../center-crop.js'
import { ImageError } from '../image-error.js'
import type { Picture } from '../picture.js'
import type { ImageSize } from '../resize.js'
import { checkImageOptions, sidesOf, type PixelSize } from './check.js'
import { cutOut, pad, type ImageBorders } from './cut-out.js'
import { below } from './draws.js'

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

/** What `centerCropTo` makes. */
export interface CenterCrop {
  readonly name: 'centerCrop'
  readonly size: ImageSize
}

const BORDER = wholeNumber(0, 2 ** 16)
const LEVEL = wholeNumber(0, 255)
const OPTIONS: Checks<RandomCropOptions> = {
  padding: either(pairOf(BORDER), listOf(BORDER, 4)),
  fill: either(LEVEL, listOf(LEVEL)),
  padIfNeeded: aBoolean
}

/**
 * A crop at a random place, after padding (torchvision: `RandomCrop`).
 * @throws ImageError for sizes, paddings and levels that are not.
 * @example
 * randomCrop(32, { padding: 4 }) // as for CIFAR
 */
export function randomCrop(size: PixelSize, options: RandomCropOptions = {}): RandomCrop {
  checkImageOptions('randomCrop', options, OPTIONS)
  const { padding = 0, fill = 0, padIfNeeded = false } = options
  const [left, top, right, bottom] = fourBorders(padding)
  const levels = typeof fill === 'number' ? [fill] : [...fill]
  if (levels.length !== 1 && levels.length !== 3) {
    throw new ImageError('randomCrop', `fill: expected one level or three, got ${levels.length}`)
  }
  return {
    name: 'randomCrop',
    size: sidesOf('randomCrop', size),
    padding: { left, top, right, bottom },
    padIfNeeded,
    fill: levels
  }
}

/**
 * The middle of a picture; what it lacks is black (torchvision: `CenterCrop`).
 * @throws ImageError when a side is not a whole, positive number.
 */
export function centerCropTo(size: PixelSize): CenterCrop {
  return { name: 'centerCrop', size: sidesOf('centerCropTo', size) }
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
  const colour = colourFor(picture, fill)
  const { width, height } = size
  let room = Object.values(padding).some(border => border > 0) ? pad(picture, padding, colour) : picture
  // What is missing is put on both sides, as torchvision does: so the crop may still lie anywhere.
  const across = padIfNeeded ? Math.max(0, width - room.width) : 0
  const down = padIfNeeded ? Math.max(0, height - room.height) : 0
  if (across > 0 || down > 0)
    room = pad(room, { left: across, top: down, right: across, bottom: down }, colour)
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
  const { region, left, top } = centerCropPlan(picture, size)
  const middle = cutOut(picture, region)
  const right = size.width - region.width - left
  const bottom = size.height - region.height - top
  if (left === 0 && top === 0 && right === 0 && bottom === 0) return middle
  return pad(middle, { left, top, right, bottom }, colourFor(picture, [0]))
}

function colourFor({ channels }: Picture, fill: readonly number[]): readonly number[] {
  if (fill.length === channels) return fill
  if (fill.length === 1) return Array.from({ length: channels }, () => fill[0])
  throw new ImageError(
    'randomCrop',
    `fill has ${fill.length} levels, but the picture has ${channels} channel`
  )
}

function fourBorders(
  padding: NonNullable<RandomCropOptions['padding']>
): readonly [left: number, top: number, right: number, bottom: number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding]
  return padding.length === 2 ? [padding[0], padding[1], padding[0], padding[1]] : padding
}
