// From a checkpoint that a training run left to a classifier: it says itself which network it is of, how images are
// prepared and what the classes are called.
import { classifierOn, type Classifier } from './classifier.js'
import { compile, sharedEngine } from './compile.js'
import { toGrey } from './images/to-grey.js'
import { makePipeline } from './images/augment/pipeline.js'
import type { RgbImage } from './images/rgb-image.js'
import { findModel } from './models/registry.js'
import type { Module } from './nn/module.js'
import type { DeviceRequest, Engine } from './runtime/engine.js'
import { Generator } from './tensor/generator.js'
import type { Tensor } from './tensor/tensor.js'
import { networkTensors, readCheckpoint, type Checkpoint } from './train/checkpoint.js'

/** Where a checkpoint's network runs. */
export interface CheckpointClassifierOptions {
  readonly device?: DeviceRequest
  readonly engine?: Engine
}

/** The network of a checkpoint, with its weights; averaged ones where an average was kept. */
export function restoreNetwork({ network, tensors }: Checkpoint): Module {
  const net = findModel(network.model).build(network.options)
  net.loadStateDict(networkTensors(tensors))
  return net
}

/**
 * A classifier from a checkpoint.
 * @throws CheckpointError when the file is no checkpoint, WeightsError when it cannot be read.
 * @example
 * const classify = await checkpointClassifier(DIGITS_CHECKPOINT)
 */
export async function checkpointClassifier(
  path: string | URL,
  options: CheckpointClassifierOptions = {}
): Promise<Classifier> {
  // The engine starts while the file is read.
  const engine = options.engine ?? sharedEngine(options.device ?? 'cpu')
  const checkpoint = await readCheckpoint(path)
  const { transforms, classes, options: built } = checkpoint.network
  const pipeline = makePipeline(transforms)
  const prepare = (image: RgbImage): Tensor<'float32'> => {
    const picture = { ...image, channels: 3 } as const
    // Evaluation draws nothing from it.
    return pipeline(built.inChannels === 1 ? toGrey(picture) : picture, new Generator(0))
  }
  // Whatever an image's size, evaluation makes it the network's.
  const { shape } = prepare({ width: 1, height: 1, data: new Uint8Array(3) })
  const run = await compile(restoreNetwork(checkpoint), { input: ['N', ...shape], engine })
  return classifierOn(run, prepare, classes)
}
