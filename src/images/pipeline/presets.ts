// The training presets of torchvision's networks.
import { randomCrop } from '../steps/crop.js'
import { randomErasing } from '../steps/random-erasing.js'
import { randomHorizontalFlip } from '../steps/flip.js'
import { oneOf } from '../../base/options.js'
import { checkedBy, optional, record } from '../../base/schema.js'
import { border, deviation, makeStep, perChannel, probability, side, value } from '../steps/options.js'
import { IMAGENET_MEAN, IMAGENET_STD } from './image-classification.js'
import type { Transform } from './pipeline.js'
import { randAugment } from '../steps/rand-augment.js'
import { randomResizedCrop } from '../steps/random-resized-crop.js'
import { toTensor } from '../steps/to-tensor.js'

/** Options of `trainingPreset`. */
export interface TrainingPresetOptions {
  /** Sides of the network's square input, in pixels; default 224. */
  readonly cropSize?: number
  /** Default none. */
  readonly autoAugment?: 'randaugment'
  /** Probability of random erasing; default 0. */
  readonly randomErase?: number
  /** Mean of each channel in 0 … 1; default ImageNet's. */
  readonly mean?: readonly number[]
  /** Standard deviation of each channel in 0 … 1; default ImageNet's. */
  readonly std?: readonly number[]
}

/** Options of `cifarPreset`. */
export interface CifarPresetOptions {
  /** Sides of the pictures, in pixels; default 32. */
  readonly size?: number
  /** Maximum shift in pixels; default 4. */
  readonly padding?: number
  /** Mean of each channel in 0 … 1; default CIFAR-10's. */
  readonly mean?: readonly number[]
  /** Standard deviation of each channel in 0 … 1; default CIFAR-10's. */
  readonly std?: readonly number[]
}

const statistics = { mean: perChannel(value), std: perChannel(deviation) }
const readTraining = record<Settled<TrainingPresetOptions, 'autoAugment'>>({
  cropSize: side,
  autoAugment: optional(checkedBy(oneOf('randaugment'))),
  randomErase: probability,
  ...statistics
})
const readCifar = record<Required<CifarPresetOptions>>({ size: side, padding: border, ...statistics })

/** Options with their defaults filled in. */
type Settled<Options, Open extends keyof Options> = Required<Omit<Options, Open>> & Pick<Options, Open>

const CIFAR_MEAN = [0.4914, 0.4822, 0.4465]
const CIFAR_STD = [0.247, 0.2435, 0.2616]

/**
 * For photographs (torchvision's references: `ClassificationPresetTrain`, and its `auto_augment_policy="ra"`).
 * @throws ImageError when an option is out of range.
 */
export function trainingPreset(options: TrainingPresetOptions = {}): Transform[] {
  const { cropSize, autoAugment, randomErase, ...statistics } = makeStep(
    readTraining,
    'trainingPreset',
    { cropSize: 224, randomErase: 0, mean: IMAGENET_MEAN, std: IMAGENET_STD },
    options
  )
  return [
    randomResizedCrop(cropSize),
    randomHorizontalFlip(),
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
  const { size, padding, ...statistics } = makeStep(
    readCifar,
    'cifarPreset',
    { size: 32, padding: 4, mean: CIFAR_MEAN, std: CIFAR_STD },
    options
  )
  return [randomCrop(size, { padding }), randomHorizontalFlip(), toTensor(statistics)]
}
