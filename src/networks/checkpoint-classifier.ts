// From a checkpoint that a training run left to a classifier: it says itself which network it is of, how images are
// prepared and what the classes are called.
import { checkOptions } from '../base/options.js'
import { classifierOn, type Classifier } from './classifier.js'
import { compile } from '../compile/compile.js'
import { engineFor } from '../compile/shared-engines.js'
import { toGrey } from '../images/to-grey.js'
import { applyTransforms, isOfPictures, makePipeline } from '../images/augment/pipeline.js'
import type { Picture } from '../images/picture.js'
import type { RgbImage } from '../images/rgb-image.js'
import { findModel, readOptions } from '../models/registry.js'
import type { Module } from '../nn/module.js'
import { StateDictError } from '../nn/state-dict.js'
import {
  DEVICE,
  ENGINE,
  EXPECTED_RUNS,
  type DeviceRequest,
  type Engine,
  type ExpectedRuns
} from '../runtime/engine.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  CheckpointError,
  networkTensors,
  readCheckpoint,
  type Checkpoint,
  type CheckpointNetwork
} from '../train/checkpoint.js'
import { fileName, type FilePath } from '#platform'

/** Where a checkpoint's network runs. */
export interface CheckpointClassifierOptions {
  readonly device?: DeviceRequest
  readonly engine?: Engine
  /** How many images, about, it is for; see `compile`. Default `many`. */
  readonly expectedRuns?: ExpectedRuns
}

/** The network of a checkpoint, with its weights; averaged ones where an average was kept. */
export function restoreNetwork({ network, tensors }: Checkpoint): Module {
  const net = findModel(network.model).build(readOptions(network.options))
  net.loadStateDict(networkTensors(tensors))
  return net
}

/** A checkpoint as a network, with what else is known of it. */
export interface OpenedCheckpoint {
  readonly net: Module
  readonly network: CheckpointNetwork
  /** From a picture to the network's input. */
  readonly prepare: (image: RgbImage) => Tensor<'float32'>
  /** The pixels that the network sees of a picture, as they are before they become floats; grey as three equal levels. */
  readonly crop: (image: RgbImage) => RgbImage
  /** Of one prepared picture: (C, H, W). */
  readonly shape: readonly number[]
}

/**
 * Opens a checkpoint.
 * @throws CheckpointError when the file is no checkpoint or a damaged one, WeightsError when it cannot be read.
 */
export async function openCheckpoint(path: FilePath): Promise<OpenedCheckpoint> {
  const checkpoint = await readCheckpoint(path)
  const { network } = checkpoint
  const pipeline = makePipeline(network.transforms)
  const pictureOf = (image: RgbImage): Picture => {
    const picture = { ...image, channels: 3 } as const
    return network.options.inChannels === 1 ? toGrey(picture) : picture
  }
  // Evaluation draws nothing from it.
  const prepare = (image: RgbImage): Tensor<'float32'> => pipeline(pictureOf(image), new RandomGenerator(0))
  const crop = (image: RgbImage): RgbImage =>
    asRgb(applyTransforms(pictureOf(image), network.transforms.filter(isOfPictures), new RandomGenerator(0)))
  // Whatever an image's size, evaluation makes it the network's.
  const { shape } = prepare({ width: 1, height: 1, data: new Uint8Array(3) })
  return { net: namingFile(path, () => restoreNetwork(checkpoint)), network, prepare, crop, shape }
}

function asRgb({ width, height, channels, data }: Picture): RgbImage {
  // Pixels of a resize are written over when it is used again.
  const rgb =
    channels === 3
      ? data.slice()
      : Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)])
  return { width, height, data: rgb }
}

function namingFile<T>(path: FilePath, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof StateDictError)) throw error
    throw new CheckpointError(fileName(path), error.message, { cause: error })
  }
}

/**
 * A classifier from a checkpoint.
 * @throws CheckpointError when the file is no checkpoint, WeightsError when it cannot be read.
 * @example
 * const classify = await checkpointClassifier(DIGITS_CHECKPOINT)
 */
export async function checkpointClassifier(
  path: FilePath,
  options: CheckpointClassifierOptions = {}
): Promise<Classifier> {
  checkOptions('checkpointClassifier', options, {
    device: DEVICE,
    engine: ENGINE,
    expectedRuns: EXPECTED_RUNS
  })
  // The engine starts while the file is read.
  const engine = engineFor(options)
  const { net, network, prepare, shape } = await openCheckpoint(path)
  const run = await compile(net, {
    input: ['N', ...shape],
    expectedRuns: options.expectedRuns ?? 'many',
    engine
  })
  return classifierOn(run, prepare, network.classes)
}
