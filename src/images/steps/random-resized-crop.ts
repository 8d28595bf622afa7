import { oneOf } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import type { ImageSize, Picture, Region } from '../picture.js'
import { roundHalfEven } from '../torch-math.js'
import { makeStep, imageSize, interval, ratio, sidesOf, type ValueRange, type PixelSize } from './options.js'
import { cutOut } from '../pixels/cut-out.js'
import { below } from '../random/draws.js'
import { drawSides, type Shape } from '../random/random-region.js'
import { resized } from './resize.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'

/** A step made by `randomResizedCrop`. */
export interface RandomResizedCrop extends Shape {
  readonly name: 'randomResizedCrop'
  readonly size: ImageSize
}

/** Options of `randomResizedCrop`. */
export interface RandomResizedCropOptions {
  /** Range of the relative area; default 0.08 to 1. */
  readonly scale?: ValueRange
  /** Range of width / height before the resize; default 3/4 to 4/3. */
  readonly ratio?: ValueRange
}

export const readRandomResizedCrop = record<RandomResizedCrop>({
  name: checkedBy(oneOf('randomResizedCrop')),
  size: imageSize,
  scale: interval(0, 1),
  ratio
})

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
    size: sidesOf(size),
    scale: [0.08, 1],
    ratio: [3 / 4, 4 / 3]
  }
  return makeStep(readRandomResizedCrop, 'randomResizedCrop', step, options)
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
