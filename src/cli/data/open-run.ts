// Opens what training needs: images, their preparation, the network, and the trainer's options.
import { basename, join, relative, resolve, sep } from 'node:path'
import { ResnetError } from '../../base/errors.js'
import { isTrainingName } from '../../data/image-folder.js'
import { DatasetError, assertTrainable } from '../../data/dataset.js'
import { createLoader, type Loader } from '../../data/loader.js'
import type { DatasetSplit } from '../../data/sampler.js'
import { MODELS, type ModelEntry } from '../../models/registry.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { pick } from '../../networks/build-network.js'
import { namedModel } from '../../networks/named-model.js'
import { isPath } from '../../networks/opening.js'
import { freezeBatchNorm } from '../../nn/layers/normalisation.js'
import type { Module } from '../../nn/module/module.js'
import type { ParameterGroup } from '../../optim/parameter-groups.js'
import { parseOptimizer } from '../../optim/parse-optimizer.js'
import type { TrainerOptions } from '../../train/trainer-options.js'
import { openChosen, usualModel } from '../open-chosen.js'
import type { DataOptions, PictureOptions, StepOptions } from './data-options.js'
import { readingOptions, type SkippedPictures } from './named-batches.js'
import { openData, realPathOf, splitData, type DataKind, type OpenedData } from './open-data.js'
import { preparePictures, type Preparation } from './prepare-pictures.js'
import { binaryCrossEntropyWithLogits, crossEntropy } from '../../nn/losses.js'

/** What training needs: data, its preparation, and the network. */
export interface OpenRun {
  readonly data: DatasetSplit
  /** Training and validation images together. */
  readonly images: number
  readonly kind: DataKind
  readonly numClasses: number
  readonly channels: 1 | 3
  readonly preparation: Preparation
  readonly net: Module
  /** The network's description for its checkpoints. */
  readonly network: CheckpointNetwork
}

/**
 * Opens data and network: new, or from weights, whose last layer is replaced if they have other classes.
 * @param folder the folder of its checkpoints.
 * @throws ResnetError when the data cannot be read or trained on, or the network cannot be opened.
 */
export async function openRun(
  path: string,
  options: DataOptions & Pick<StepOptions, 'freezeBn'>,
  folder = '.'
): Promise<OpenRun> {
  const choice = usualModel(options)
  await assertShortcuts(choice)
  const images = await openImages(path, options)
  const { channels, numClasses } = images
  const known = sizeFor(images.kind, options)
  const opened = await openChosen(choice, 'train', {
    numClasses,
    inChannels: channels,
    newHead: true,
    residual: options.plain ? false : undefined,
    skip: options.skip,
    gateBias: options.gateBias,
    input: known === undefined ? undefined : ['N', channels, known, known]
  })
  const size = known ?? opened.shape?.at(-1)
  if (size === undefined) {
    const remedy = 'Give --image-size, or let the file export inputShape'
    throw new ResnetError(`How large are the images of ${opened.model}? ${remedy}`)
  }
  const preparation = preparePictures(images.kind, size, options.augment)
  const { net, model, file, form } = opened
  if (options.freezeBn) freezeBatchNorm(net)
  const { holdBack, seed } = options
  const network: CheckpointNetwork = {
    model: file ? basename(file.path) : model,
    ...(file && {
      file: { ...file, path: relative(resolve(folder), resolve(file.path)).replaceAll(sep, '/') }
    }),
    options: { residual: true, ...form, numClasses, inChannels: channels },
    classes: images.data.train.classes,
    transforms: preparation.evaluate,
    data: { path: await realPathOf(path), images: images.images, holdBack, seed }
  }
  return { ...images, preparation, net, network }
}

/** @throws ResnetError when the data cannot be read or trained on, or has more classes than requested. */
export async function openImages(
  path: string,
  { format, holdBack, seed, numClasses: wanted, removed }: PictureOptions & Pick<DataOptions, 'numClasses'>
): Promise<Omit<OpenRun, 'preparation' | 'net' | 'network'>> {
  const opened = await openData(path, format, removed)
  const data = splitData(path, opened, holdBack, seed)
  assertNoLoneHalf(path, opened)
  assertTrainable(data.train, path)
  const { channels, classes } = data.train
  const numClasses = wanted ?? classes.length
  const isYesOrNo = numClasses === 1 && classes.length === 2
  if (numClasses < classes.length && !isYesOrNo) {
    const one = numClasses === 1 ? '; one output tells two apart' : ''
    throw new ResnetError(`--num-classes ${numClasses}: ${path} has ${classes.length} classes${one}`)
  }
  return { data, images: opened.whole.length, kind: opened.kind, numClasses, channels }
}

/** The input's height and width from the options or the data, if known. */
export function sizeFor({ pictures }: DataKind, { imageSize }: PictureOptions): number | undefined {
  return imageSize ?? (pictures && Math.min(pictures.width, pictures.height))
}

/** @throws ResnetError for shortcuts that the model does not support. */
async function assertShortcuts({ model, skip, gateBias }: DataOptions): Promise<void> {
  if (
    skip !== undefined &&
    model !== undefined &&
    !isPath(model) &&
    !(await namedModel(model)).entry.takesSkip
  ) {
    const able = Object.entries<ModelEntry>(MODELS).filter(([, entry]) => entry.takesSkip)
    const others = `${able.map(([name]) => name).join(', ')} can have other things there`
    throw new ResnetError(`--skip ${skip}: ${model} has nothing but the identity on its shortcuts; ${others}`)
  }
  if (gateBias !== undefined && !skip?.endsWith('gate')) {
    throw new ResnetError(`--gate-bias ${gateBias}: only --skip exclusive-gate and shortcut-gate have gates`)
  }
}

/** A folder with `train` alone would be read as a single class. */
function assertNoLoneHalf(path: string, { kind, parts, whole }: OpenedData): void {
  const [only, ...others] = whole.classes
  if (kind.name !== 'folder' || parts || others.length > 0 || !isTrainingName(only)) return
  const remedy = `add one, or give ${join(path, only)}, of which a share is held back`
  throw new DatasetError(path, `has a folder ${only}, but no val beside it; ${remedy}`)
}

export function trainingLoader(
  { data, numClasses, preparation }: Pick<OpenRun, 'data' | 'numClasses' | 'preparation'>,
  options: PictureOptions,
  skipped: SkippedPictures
): Loader {
  return createLoader(data.train, {
    ...readingOptions(options, skipped),
    transforms: preparation.train,
    mix: preparation.mix,
    // For mixed images, which one output is not trained on.
    ...(numClasses > 1 && { numClasses }),
    shuffle: options.balanced ? 'balanced' : true,
    // Batch statistics need more than one image.
    dropLast: data.train.length >= options.batchSize
  })
}

/** The trainer's options. @throws ResnetError for an unknown optimiser, an invalid scale, or what one output cannot have. */
export function stepOptions(
  options: StepOptions & Pick<PictureOptions, 'augment'>,
  numClasses: number
): TrainerOptions {
  if (numClasses === 1) assertYesOrNo(options)
  const { optimizer, labelSmoothing, lrScale, decayOnNorm } = options
  const usual = optimizer.trim().toLowerCase() === 'sgd' && { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 }
  return {
    ...pick(options, 'accumulate', 'freeze', 'seed', 'device', 'clipNorm'),
    optimizer: parseOptimizer(optimizer, { ...usual, ...pick(options, 'lr', 'momentum', 'weightDecay') }),
    loss: numClasses === 1 ? binaryCrossEntropyWithLogits() : crossEntropy({ labelSmoothing }),
    groups: lrScale.map(parseGroup),
    noDecayOnNormAndBias: !decayOnNorm
  }
}

/** @throws ResnetError for options that need an output for each class. */
function assertYesOrNo({
  labelSmoothing,
  augment = ''
}: Pick<StepOptions & PictureOptions, 'labelSmoothing' | 'augment'>): void {
  const [mix] = /mixup|cutmix/.exec(augment) ?? []
  const fault = labelSmoothing > 0 ? `--label-smoothing ${labelSmoothing}` : mix && `--augment ${mix}`
  if (!fault) return
  throw new ResnetError(`${fault}: needs an output for each class, so leave out --num-classes 1`)
}

function parseGroup(text: string): ParameterGroup {
  const [match, scale, ...rest] = text.split('=').map(part => part.trim())
  const lrScale = Number(scale)
  if (match && scale && rest.length === 0 && Number.isFinite(lrScale)) return { match, lrScale }
  throw new ResnetError(`--lr-scale '${text}': expected a name and a number, such as layer1=0.1`)
}
