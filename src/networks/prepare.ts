// How pictures become a network's input, written once as data, and the functions that follow from it.
import { PathError } from '../base/errors.js'
import type { Picture } from '../images/picture.js'
import {
  imageClassification,
  IMAGENET_MEAN,
  IMAGENET_STD,
  type ImageClassificationOptions
} from '../images/pipeline/presets.js'
import { makePipeline, type Pipeline } from '../images/pipeline/pipeline.js'
import { formAfter, ONE_PIXEL, readTransforms, type Transform } from '../images/pipeline/transforms.js'
import { grayscale, rgb } from '../images/steps/colour.js'
import { centerCrop, resizeShorter } from '../images/steps/geometry.js'
import { checkStatistics, toTensor } from '../images/steps/to-tensor.js'
import type { Shape } from '../ir/shape.js'
import { PHOTOGRAPH } from '../nn/layers/probe-body.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { formatShape, type Tensor } from '../tensor/tensor.js'

/** How a caller says how pictures are prepared. */
export type GivenTransforms = Partial<ImageClassificationOptions> | readonly Transform[] | Pipeline

/** From pictures to a network's input. */
export interface Preparation {
  /** Of one prepared picture: (C, H, W). */
  readonly shape: readonly number[]
  /** The steps, as a loader takes them. */
  readonly transforms: readonly Transform[]
  /** From a picture to the network's input. */
  readonly prepare: (image: Picture) => Tensor<'float32'>
  /** The pixels that the network sees of a picture, before they become floats. */
  readonly crop: (image: Picture) => Picture
}

/** The same where it may not be known, or the input is no picture. */
export interface AnyPreparation extends Omit<Preparation, 'shape' | 'transforms'> {
  /** One input's shape without the batch, such as (C, H, W); undefined if a file lacks it. */
  readonly shape: readonly number[] | undefined
  /** The steps as data; undefined if the input is not a picture. */
  readonly transforms: readonly Transform[] | undefined
}

/** The resize before a centre crop, as torchvision's presets have it: 256 for 224. */
export const RESIZE_FOR_CROP = 256 / 224

/** As photographs are prepared for networks with published weights. */
export function photographs(options: Partial<ImageClassificationOptions>): Preparation {
  const pipeline = imageClassification(options)
  return preparationBy(pipeline, [3, pipeline.cropSize, pipeline.cropSize])
}

function isList(given: GivenTransforms): given is readonly Transform[] {
  return Array.isArray(given)
}

/** As options of photographs, a list of steps or a pipeline say; steps that leave the size open make the input's. */
export async function preparedAs(
  given: GivenTransforms,
  input: Shape = ['N', 3, PHOTOGRAPH, PHOTOGRAPH]
): Promise<Preparation> {
  if (typeof given !== 'function' && !isList(given)) return photographs(given)
  const { sized } = await import('./sized-steps.js')
  return prepared(
    sized(typeof given === 'function' ? given.transforms : given, input),
    input[1] === 1 ? 1 : 3
  )
}

/**
 * As a list of steps says.
 * @throws ImageError when they stand in another order.
 */
export function prepared(transforms: readonly Transform[], channels: 1 | 3): Preparation {
  // Older checkpoints left it to the reader to make pictures grey for a network of one channel.
  const isDone = channels === 3 || transforms.some(({ name }) => name === 'grayscale')
  return preparationBy(makePipeline(isDone ? transforms : [grayscale(), ...transforms]))
}

function preparationBy(pipeline: Pipeline, shape = preparedShape(pipeline.transforms)): Preparation {
  // Files give three channels; pixels at hand may be grey.
  const any = shape[0] === 3 ? makePipeline([rgb(), ...pipeline.transforms]) : pipeline
  // Random steps, should there be any, do the same for what is computed and what is shown.
  const prepare = (image: Picture): Tensor<'float32'> => any(image, new RandomGenerator(0))
  const crop = (image: Picture): Picture => any.crop(image, new RandomGenerator(0))
  return { shape, transforms: pipeline.transforms, prepare, crop }
}

/** That of a picture of one pixel, as evaluation makes all sizes the same. */
function preparedShape(transforms: readonly Transform[]): Preparation['shape'] {
  const { pictures, conversion } = readTransforms(transforms, 'transforms')
  const form = pictures.reduce(formAfter, ONE_PIXEL)
  checkStatistics(conversion, form)
  return [form.channels, form.height, form.width]
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
  return prepared([resizeShorter(resizeSize), centerCrop([height, width]), toTensor(statistics)], channels)
}

/** For a network without known picture input: preparing one throws the reason. */
export function unprepared(path: string, input: Shape | undefined): AnyPreparation {
  const fault = input
    ? `takes ${formatShape(input)}, which is no picture`
    : 'does not say how pictures become its input; export inputShape, such as [1, 3, 224, 224]'
  const refuse = (): never => {
    throw new PathError(path, fault)
  }
  const shape = input?.slice(1).map(Number)
  return { shape, transforms: undefined, prepare: refuse, crop: refuse }
}
