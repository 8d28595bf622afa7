// How pictures become a network's input, written once as data, and the functions that follow from it.
import { PathError } from '../base/errors.js'
import { centerCropTo } from '../images/augment/crop.js'
import { applyTransforms, isOfPictures, makePipeline, type Transform } from '../images/augment/pipeline.js'
import { resizeShorter } from '../images/augment/resize-picture.js'
import { toTensor } from '../images/augment/to-tensor.js'
import { imageClassification, type ImageClassificationOptions } from '../images/image-classification.js'
import { IMAGENET_MEAN, IMAGENET_STD } from '../images/imagenet-statistics.js'
import type { Picture } from '../images/picture.js'
import type { Shape } from '../ir/shape.js'
import type { RgbImage } from '../images/rgb-image.js'
import { toGrey } from '../images/to-grey.js'
import { RandomGenerator } from '../tensor/generator.js'
import { formatShape, type Tensor } from '../tensor/tensor.js'

/** From pictures to a network's input. */
export interface Preparation {
  /** Of one prepared picture: (C, H, W). */
  readonly shape: readonly number[]
  /** The steps, as a loader takes them. */
  readonly transforms: readonly Transform[]
  /** From a picture to the network's input. */
  readonly prepare: (image: RgbImage) => Tensor<'float32'>
  /** The pixels that the network sees of a picture, before they become floats; grey as three equal levels. */
  readonly crop: (image: RgbImage) => RgbImage
}

/** The same where it is not known, or the input is no picture. */
export interface Unprepared extends Omit<Preparation, 'shape' | 'transforms'> {
  readonly shape: readonly number[] | undefined
  readonly transforms: undefined
}

/** The resize before a centre crop, as torchvision's presets have it: 256 for 224. */
export const RESIZE_FOR_CROP = 256 / 224

/** As photographs are prepared for networks with published weights. */
export function photographs(options: Partial<ImageClassificationOptions>): Preparation {
  const prepare = imageClassification(options)
  const { cropSize, resizeSize, crop } = prepare
  const { mean = IMAGENET_MEAN, std = IMAGENET_STD } = options
  const transforms = [resizeShorter(resizeSize), centerCropTo(cropSize), toTensor({ mean, std })]
  return { shape: [3, cropSize, cropSize], transforms, prepare, crop }
}

/**
 * As a list of steps says.
 * @throws ImageError when they stand in another order.
 */
export function prepared(transforms: readonly Transform[], channels: 1 | 3): Preparation {
  const pipeline = makePipeline(transforms)
  const pictureOf = (image: RgbImage): Picture => {
    const picture = { ...image, channels: 3 } as const
    return channels === 1 ? toGrey(picture) : picture
  }
  // Evaluation draws nothing from the generator.
  const prepare = (image: RgbImage): Tensor<'float32'> => pipeline(pictureOf(image), new RandomGenerator(0))
  const crop = (image: RgbImage): RgbImage =>
    asRgb(applyTransforms(pictureOf(image), transforms.filter(isOfPictures), new RandomGenerator(0)))
  // Whatever a picture's size, evaluation makes it the network's.
  const { shape } = prepare({ width: 1, height: 1, data: new Uint8Array(3) })
  return { shape, transforms, prepare, crop }
}

/**
 * For an input (N, C, H, W) about whose pictures nothing else is known: ImageNet's statistics, or 0 … 1 for grey. Nothing
 * where the input is no picture.
 */
export function usualFor(input: Shape): Preparation | undefined {
  const [, channels, height, width] = input
  if (input.length !== 4 || (channels !== 1 && channels !== 3)) return undefined
  if (typeof height !== 'number' || typeof width !== 'number') return undefined
  const resizeSize = Math.round(Math.max(height, width) * RESIZE_FOR_CROP)
  if (channels === 3 && height === width) return photographs({ cropSize: height, resizeSize })
  const statistics = channels === 3 ? { mean: IMAGENET_MEAN, std: IMAGENET_STD } : {}
  return prepared([resizeShorter(resizeSize), centerCropTo([height, width]), toTensor(statistics)], channels)
}

/** For a network about whose pictures nothing is known: whoever prepares one is told why. */
export function unprepared(path: string, input: Shape | undefined): Unprepared {
  const fault = input
    ? `takes ${formatShape(input)}, which is no picture`
    : 'does not say how pictures become its input; export inputShape, such as [1, 3, 224, 224]'
  const refuse = (): never => {
    throw new PathError(path, fault)
  }
  const shape = input?.slice(1).map(Number)
  return { shape, transforms: undefined, prepare: refuse, crop: refuse }
}

function asRgb({ width, height, channels, data }: Picture): RgbImage {
  // A resize reuses the memory of its pixels.
  const rgb =
    channels === 3
      ? data.slice()
      : Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)])
  return { width, height, data: rgb }
}
