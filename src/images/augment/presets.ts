// The transforms that torchvision's own networks were trained with, as lists.
import { oneOf, positiveInteger, wholeNumber, type Checks } from '../../base/options.js'
import { IMAGENET_MEAN, IMAGENET_STD } from '../imagenet-statistics.js'
import { checkImageOptions, PROBABILITY, STATISTIC } from './check.js'
import { randomCrop } from './crop.js'
import { randomErasing } from './erase.js'
import { randomHorizontalFlip } from './flip.js'
import type { Transform } from './pipeline.js'
import { randAugment } from './rand-augment.js'
import { randomResizedCrop } from './random-resized-crop.js'
import { toTensor } from './to-tensor.js'

/** What `trainingPreset` leaves open. */
export interface TrainingPresetOptions {
  /** The sides of the square a network is trained on, in pixels; default 224. */
  readonly cropSize?: number
  /** Default none. */
  readonly autoAugment?: 'randaugment'
  /** How likely a rectangle is erased; default 0. */
  readonly randomErase?: number
  /** Of each channel in 0 … 1; by default ImageNet's. */
  readonly mean?: readonly number[]
  /** Of each channel in 0 … 1; by default ImageNet's. */
  readonly std?: readonly number[]
}

/** What `cifarPreset` leaves open. */
export interface CifarPresetOptions {
  /** The sides of the pictures, in pixels; default 32. */
  readonly size?: number
  /** How far a picture may be shifted, in pixels; default 4. */
  readonly padding?: number
  /** Of each channel in 0 … 1; by default CIFAR-10's. */
  readonly mean?: readonly number[]
  /** Of each channel in 0 … 1; by default CIFAR-10's. */
  readonly std?: readonly number[]
}

const TRAINING_OPTIONS: Checks<TrainingPresetOptions> = {
  cropSize: positiveInteger,
  autoAugment: oneOf('randaugment'),
  randomErase: PROBABILITY,
  mean: STATISTIC,
  std: STATISTIC
}

const CIFAR_OPTIONS: Checks<CifarPresetOptions> = {
  size: positiveInteger,
  padding: wholeNumber(0),
  mean: STATISTIC,
  std: STATISTIC
}

const CIFAR_MEAN = [0.4914, 0.4822, 0.4465]
const CIFAR_STD = [0.247, 0.2435, 0.2616]

/**
 * For photographs (torchvision's references: `ClassificationPresetTrain`, and its `auto_augment_policy="ra"`).
 * @throws ImageError for options that mean nothing.
 */
export function trainingPreset(options: TrainingPresetOptions = {}): Transform[] {
  checkImageOptions('trainingPreset', options, TRAINING_OPTIONS)
  const { cropSize = 224, autoAugment, randomErase = 0, mean = IMAGENET_MEAN, std = IMAGENET_STD } = options
  const erasing = randomErasing({ p: randomErase })
  return [
    randomResizedCrop(cropSize),
    randomHorizontalFlip(),
    ...(autoAugment === undefined ? [] : [randAugment({ interpolation: 'bilinear' })]),
    toTensor({ mean, std }),
    // One that never erases would still draw.
    ...(randomErase > 0 ? [erasing] : [])
  ]
}

/**
 * For small pictures: padded, cropped and flipped, as residual networks were trained on CIFAR.
 *
 * From Deep Residual Learning for Image Recognition, He et al. 2015, section 4.2, https://arxiv.org/abs/1512.03385
 * @throws ImageError for options that mean nothing.
 */
export function cifarPreset(options: CifarPresetOptions = {}): Transform[] {
  checkImageOptions('cifarPreset', options, CIFAR_OPTIONS)
  const { size = 32, padding = 4, mean = CIFAR_MEAN, std = CIFAR_STD } = options
  return [randomCrop(size, { padding }), randomHorizontalFlip(), toTensor({ mean, std })]
}
