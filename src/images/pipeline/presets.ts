// torchvision's presets, for inference bit for bit (`transforms._presets.ImageClassification`) and for training.
import { oneOf } from '../../base/options.js'
import { checkedBy, list, optional, record, type Reader } from '../../base/schema.js'
import { rgb } from '../steps/colour.js'
import * as geometry from '../steps/geometry.js'
import * as field from '../steps/options.js'
import { randAugment } from '../steps/rand-augment.js'
import { randomErasing, channelOrder, toTensor } from '../steps/to-tensor.js'
import { makePipeline, type Pipeline } from './pipeline.js'
import type { Transform } from './transforms.js'

/** One number each for red, green and blue. */
export type PerChannel = readonly [red: number, green: number, blue: number]

/** ImageNet's channel statistics, in 0 … 1. */
export const IMAGENET_MEAN: PerChannel = [0.485, 0.456, 0.406]
export const IMAGENET_STD: PerChannel = [0.229, 0.224, 0.225]

const CLASSIFICATION = {
  /** Sides of the network's square input, in pixels. */
  cropSize: field.side,
  /** The shorter side before the crop, in pixels; default 256. */
  resizeSize: field.side,
  /** How the resize weighs pixels; default 'bilinear'. */
  interpolation: optional(field.resampling),
  /** Mean of each channel in 0 … 1; default ImageNet's. */
  mean: ofThree(field.value),
  /** Standard deviation of each channel in 0 … 1; default ImageNet's. */
  std: ofThree(field.deviation),
  /** The network's channel order, also of `mean` and `std`; default 'rgb'. */
  channelOrder
}
const STATISTICS = {
  /** Mean of each channel in 0 … 1; default ImageNet's, and CIFAR-10's of `cifarPreset`. */
  mean: field.perChannel(field.value),
  /** Standard deviation of each channel in 0 … 1; default ImageNet's, and CIFAR-10's of `cifarPreset`. */
  std: field.perChannel(field.deviation)
}
const TRAINING = {
  /** Sides of the network's square input, in pixels; default 224. */
  cropSize: field.side,
  /** Default none. */
  autoAugment: optional(checkedBy(oneOf('randaugment'))),
  /** Probability of random erasing; default 0. */
  randomErase: field.probability,
  ...STATISTICS
}
const CIFAR = {
  /** Sides of the pictures, in pixels; default 32. */
  size: field.side,
  /** Maximum shift in pixels; default 4. */
  padding: field.border,
  ...STATISTICS
}

type ClassificationSettings = field.StepOf<typeof CLASSIFICATION>

/** Options of `imageClassification`. */
export interface ImageClassificationOptions
  extends Pick<ClassificationSettings, 'cropSize'>, Partial<Omit<ClassificationSettings, 'cropSize'>> {}

/** Options of `trainingPreset`. */
export interface TrainingPresetOptions extends Partial<field.StepOf<typeof TRAINING>> {}

/** Options of `cifarPreset`. */
export interface CifarPresetOptions extends Partial<field.StepOf<typeof CIFAR>> {}

/** A pipeline for photographs. Shape: (H, W, channels) → (3, cropSize, cropSize). */
export interface ImageClassification
  extends Pipeline, Pick<ClassificationSettings, 'cropSize' | 'resizeSize'> {}

const CIFAR_MEAN = [0.4914, 0.4822, 0.4465]
const CIFAR_STD = [0.247, 0.2435, 0.2616]

/**
 * Makes a preset (torchvision: `weights.transforms()`).
 * @throws ImageError when an option is unknown or out of range.
 * @example
 * const prepare = imageClassification({ cropSize: 224, resizeSize: 232 })
 * prepare(await readImage('dog.jpg')).shape // [3, 224, 224]
 */
export function imageClassification(options: Partial<ImageClassificationOptions> = {}): ImageClassification {
  const { cropSize, resizeSize, interpolation, ...statistics } = field.makeStep(
    record<ClassificationSettings>(CLASSIFICATION),
    'imageClassification',
    { cropSize: 224, resizeSize: 256, mean: IMAGENET_MEAN, std: IMAGENET_STD },
    options
  )
  const pipeline = makePipeline([
    rgb(),
    geometry.resizeShorter(resizeSize, { interpolation }),
    geometry.centerCrop(cropSize),
    toTensor(statistics)
  ])
  return Object.assign(pipeline, { cropSize, resizeSize })
}

/**
 * For photographs (torchvision's references: `ClassificationPresetTrain`, and its `auto_augment_policy="ra"`).
 * @throws ImageError when an option is out of range.
 */
export function trainingPreset(options: TrainingPresetOptions = {}): Transform[] {
  const { cropSize, autoAugment, randomErase, ...statistics } = field.makeStep(
    record<field.StepOf<typeof TRAINING>>(TRAINING),
    'trainingPreset',
    { cropSize: 224, randomErase: 0, mean: IMAGENET_MEAN, std: IMAGENET_STD },
    options
  )
  return [
    geometry.randomResizedCrop(cropSize),
    geometry.randomHorizontalFlip(),
    ...(autoAugment === undefined ? [] : [randAugment({ interpolation: 'bilinear' })]),
    toTensor(statistics),
    // With p = 0 it would still draw a random number.
    ...(randomErase > 0 ? [randomErasing({ p: randomErase })] : [])
  ]
}

/**
 * For small pictures: padded, cropped and flipped, as residual networks were trained on CIFAR.
 *
 * From Deep Residual Learning for Image Recognition, He et al. 2015, section 4.2, https://arxiv.org/abs/1512.03385
 * @throws ImageError when an option is out of range.
 */
export function cifarPreset(options: CifarPresetOptions = {}): Transform[] {
  const { size, padding, ...statistics } = field.makeStep(
    record<field.StepOf<typeof CIFAR>>(CIFAR),
    'cifarPreset',
    { size: 32, padding: 4, mean: CIFAR_MEAN, std: CIFAR_STD },
    options
  )
  return [geometry.randomCrop(size, { padding }), geometry.randomHorizontalFlip(), toTensor(statistics)]
}

function ofThree(read: Reader<number>): Reader<PerChannel> {
  return (value, path) => list(read, 3)(value, path) as [number, number, number]
}
