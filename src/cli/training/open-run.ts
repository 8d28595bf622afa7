// What a training run starts from: data, and a description of the network that is to learn it.
import { join } from 'node:path'
import { DatasetError } from '../../data/dataset.js'
import { createLoader, type Loader, type LoaderOptions } from '../../data/loader.js'
import { assertTrainable } from '../../data/trainable.js'
import { findModel, MODELS, type ModelEntry } from '../../models/registry.js'
import { ResnetError } from '../../base/errors.js'
import type { DatasetSplit } from '../../data/split.js'
import type { CheckpointNetwork } from '../../train/checkpoint.js'
import { openData, splitData, type DataKind, type OpenedData } from './open-data.js'
import { preparePictures, type Preparation } from './prepare-pictures.js'
import { realPathOf } from './same-data.js'
import type { SkippedPictures } from './skipped-pictures.js'
import type { DataOptions } from './train-options.js'

/** Data and network of a run. */
export interface OpenRun {
  readonly data: DatasetSplit
  /** Of both parts. */
  readonly images: number
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
  assertNoLoneHalf(path, opened)
  assertTrainable(data.train, path)
  const { channels, classes } = data.train
  const numClasses = options.numClasses ?? classes.length
  if (numClasses < classes.length) {
    throw new ResnetError(`--num-classes ${numClasses}: ${path} has ${classes.length} classes`)
  }
  const { kind } = opened
  const size = options.imageSize ?? sideOf(kind) ?? entry.inputSize
  const preparation = preparePictures({ kind, size, augment: options.augment })
  const images = opened.whole.length
  const trainedOn = { path: await realPathOf(path), images, holdBack, seed }
  const network: CheckpointNetwork = {
    model,
    options: { numClasses, inChannels: channels, ...shortcutOptions(entry, options) },
    classes,
    transforms: preparation.evaluate,
    data: trainedOn
  }
  return { data, images, network, preparation }
}

/** What the command line says of the shortcuts. */
function shortcutOptions(
  { takesSkip }: ModelEntry,
  { model, plain, skip, gateBias }: DataOptions
): Pick<CheckpointNetwork['options'], 'residual' | 'skip' | 'gateBias'> {
  if (skip !== undefined && !takesSkip) {
    const able = Object.entries<ModelEntry>(MODELS).filter(([, entry]) => entry.takesSkip)
    throw new ResnetError(
      `--skip ${skip}: ${model} has nothing but the identity on its shortcuts; ${able.map(([name]) => name).join(', ')} can have other things there`
    )
  }
  if (gateBias !== undefined && !skip?.endsWith('gate')) {
    throw new ResnetError(`--gate-bias ${gateBias}: only --skip exclusive-gate and shortcut-gate have gates`)
  }
  const residual = plain !== true
  return {
    residual,
    ...(skip === undefined ? {} : { skip }),
    ...(gateBias === undefined ? {} : { gateBias })
  }
}

/** A folder with `train` alone would be one class of that name. */
function assertNoLoneHalf(path: string, { kind, parts, whole }: OpenedData): void {
  const [only, ...others] = whole.classes
  if (kind.name !== 'folder' || parts || others.length > 0 || only !== 'train') return
  throw new DatasetError(
    path,
    `has a folder train, but no val beside it; add one, or give ${join(path, 'train')}, of which a share is held back`
  )
}

function sideOf({ pictures }: DataKind): number | undefined {
  return pictures && Math.min(pictures.width, pictures.height)
}

/** Batches to learn from. */
export function trainingLoader(
  { data, network, preparation }: OpenRun,
  options: Omit<DataOptions, 'model'>,
  skipped: SkippedPictures
): Loader {
  return createLoader(data.train, {
    ...readingOptions(options, skipped),
    transforms: preparation.train,
    mix: preparation.mix,
    numClasses: network.options.numClasses,
    shuffle: options.balanced ? 'balanced' : true,
    // A last batch of one image has no statistics to normalise with.
    dropLast: data.train.length >= options.batchSize
  })
}

/** How pictures are read, as the command line says it. */
export function readingOptions(
  {
    batchSize,
    seed,
    onCorrupt,
    workers
  }: Pick<DataOptions, 'batchSize' | 'onCorrupt' | 'workers'> & { readonly seed?: number },
  { onSkip }: SkippedPictures
): Pick<LoaderOptions, 'batchSize' | 'onCorrupt' | 'onSkip' | 'seed' | 'workers'> {
  return {
    batchSize,
    onCorrupt,
    onSkip,
    ...(seed === undefined ? {} : { seed }),
    ...(workers === undefined ? {} : { workers })
  }
}
