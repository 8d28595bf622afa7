// What a training run starts from: data, and a description of the network that is to learn it.
import { createLoader, type Loader, type LoaderOptions } from '../../data/loader.js'
import { assertTrainable } from '../../data/trainable.js'
import { findModel } from '../../models/registry.js'
import { ResnetError } from '../../tensor/errors.js'
import type { Split } from '../../data/split.js'
import type { CheckpointNetwork } from '../../train/checkpoint.js'
import { openData, splitData } from './open-data.js'
import { preparePictures, type Preparation } from './prepare-pictures.js'
import type { DataOptions } from './train-options.js'

/** Data and network of a run. */
export interface OpenRun {
  readonly data: Split
  readonly network: CheckpointNetwork
  readonly preparation: Preparation
}

/**
 * Opens the data and describes the network for it.
 * @throws ResnetError when the data cannot be read or trained on, or there is no such model.
 */
export async function openRun(path: string, options: DataOptions): Promise<OpenRun> {
  const { model, holdBack, seed } = options
  const entry = findModel(model)
  const opened = await openData(path, options.format)
  const data = splitData(opened, holdBack, seed)
  assertTrainable(data.train, path)
  const { channels, classes } = data.train
  const numClasses = options.numClasses ?? classes.length
  if (numClasses < classes.length) {
    throw new ResnetError(`--num-classes ${numClasses}: ${path} has ${classes.length} classes`)
  }
  const { kind } = opened
  const size = options.imageSize ?? kind.size ?? entry.inputSize
  const preparation = preparePictures({ kind, size, augment: options.augment })
  const network: CheckpointNetwork = {
    model,
    options: { numClasses, inChannels: channels, residual: options.plain !== true },
    classes,
    transforms: preparation.evaluate,
    data: { path, holdBack, seed }
  }
  return { data, network, preparation }
}

/** Batches to learn from. */
export function trainingLoader({ data, preparation }: OpenRun, options: DataOptions): Loader {
  return createLoader(data.train, {
    ...readingOptions(options),
    transforms: preparation.train,
    mix: preparation.mix,
    shuffle: options.balanced ? 'balanced' : true,
    // A last batch of one image has no statistics to normalise with.
    dropLast: data.train.length >= options.batchSize
  })
}

/** Says on stderr what is left out. */
export function readingOptions({
  batchSize,
  seed,
  onCorrupt,
  workers
}: Pick<DataOptions, 'batchSize' | 'onCorrupt' | 'workers'> & { readonly seed?: number }): Pick<
  LoaderOptions,
  'batchSize' | 'onCorrupt' | 'onSkip' | 'seed' | 'workers'
> {
  return {
    batchSize,
    onCorrupt,
    onSkip: (file: string, fault: string) => process.stderr.write(`resnet: skipped ${file}: ${fault}\n`),
    ...(seed === undefined ? {} : { seed }),
    ...(workers === undefined ? {} : { workers })
  }
}
