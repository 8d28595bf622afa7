// Options shared by commands on data sets, apart from their implementation to keep `--help` fast.
import { Option, type Command } from 'commander'
import { SKIPS } from '../../models/model-options.js'
import { OPTIMIZERS } from '../../optim/names.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import { addModelOptions } from '../network-options.js'
import type { NetworkChoice } from '../open-chosen.js'
import { anyNumber, deviceOption, numberOf, parseNames, shareOrNone, wholeNumber } from '../parse-options.js'

/** Values of `--augment`, separated by commas. */
export const AUGMENTATIONS = [
  'none',
  'crop',
  'resized-crop',
  'flip',
  'jitter',
  'randaugment',
  'erase',
  'mixup',
  'cutmix'
] as const
export type Augmentation = (typeof AUGMENTATIONS)[number]

/** Values of `--format` besides `auto`. */
export const DATA_FORMATS = ['folder', 'digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const
export type DataFormat = (typeof DATA_FORMATS)[number]

export interface ReadingOptions {
  readonly format: DataFormat | 'auto'
  readonly onCorrupt: 'error' | 'skip'
  readonly batchSize: number
  readonly workers?: number
  readonly device: DeviceRequest
}

export interface PictureOptions extends ReadingOptions {
  readonly holdBack: number
  readonly imageSize?: number
  readonly augment?: string
  readonly balanced?: boolean
  /** No option: pictures that keep their places in a resumed run, though they are gone. */
  readonly removed?: readonly string[]
  readonly seed: number
}

export interface DataOptions extends PictureOptions, NetworkChoice {
  readonly seed: number
  readonly plain?: boolean
  /** A name of `SKIPS`. */
  readonly skip?: string
  readonly gateBias?: number
}

export interface StepOptions {
  readonly optimizer: string
  readonly lr?: number
  readonly momentum?: number
  readonly weightDecay?: number
  /** False with `--no-decay-on-norm`. */
  readonly decayOnNorm: boolean
  readonly labelSmoothing: number
  readonly clipNorm?: number
  readonly accumulate: number
  readonly freeze: readonly string[]
  readonly freezeBn?: boolean
  readonly lrScale: readonly string[]
  readonly seed: number
  readonly device: DeviceRequest
}

export const DATA_ARGUMENT =
  "'digits', a folder with a folder of images for each class, or a folder of MNIST's or CIFAR's files"

export function addReading(command: Command, { batchSize = 32 } = {}): Command {
  return command
    .addOption(
      new Option('--format <format>', 'what the data is').choices(['auto', ...DATA_FORMATS]).default('auto')
    )
    .addOption(
      new Option('--on-corrupt <what>', 'what to do about images that cannot be read')
        .choices(['error', 'skip'])
        .default('error')
    )
    .option('--batch-size <n>', 'images at a time', wholeNumber(1), batchSize)
    .option('--workers <n>', 'threads that read and augment images', wholeNumber(0), 1)
    .addOption(deviceOption())
}

export function addData(command: Command): Command {
  addModelOptions(command, { use: 'train', numClasses: "the data's classes" })
    .addOption(
      new Option('--plain', 'leave the shortcuts out: the plain twin of the network').conflicts('checkpoint')
    )
    .addOption(
      new Option('--skip <what>', 'what stands on the shortcuts of a CIFAR network instead of the identity')
        .choices(SKIPS)
        .conflicts(['plain', 'checkpoint'])
    )
    .option('--gate-bias <b>', "what the bias of a shortcut's gates starts at (default: -6)", anyNumber)
  addPictures(command)
    .option('--balanced', 'draw every class equally often')
    .option('--seed <n>', 'of weights, order and augmentation', wholeNumber(0), 0)
  return addReading(command)
}

export function addPictures(command: Command): Command {
  return command
    .option(
      '--hold-back <share>',
      'the share of the data for validation, if it brings none; 0 for no validation',
      shareOrNone,
      0.2
    )
    .option(
      '--image-size <pixels>',
      "height and width of the input (default: the pictures', or the model's)",
      wholeNumber(1)
    )
    .option(
      '--augment <list>',
      `some of ${AUGMENTATIONS.join(', ')} (default: resized-crop,flip for folders, crop for digits and MNIST, else crop,flip)`
    )
}

export function addSteps(command: Command): Command {
  return command
    .option('--optimizer <name>', OPTIMIZERS.join(', '), 'sgd')
    .option('--lr <rate>', "learning rate (default: 0.1 for sgd, the optimiser's own otherwise)", numberOf(0))
    .option('--momentum <share>', 'momentum (default: 0.9 for sgd)', numberOf(0))
    .option(
      '--weight-decay <rate>',
      "weight decay (default: 1e-4 for sgd, the optimiser's own otherwise)",
      numberOf(0)
    )
    .option('--no-decay-on-norm', 'no weight decay for biases and normalisations')
    .option(
      '--label-smoothing <share>',
      'share of each label that is spread over all classes',
      numberOf(0),
      0
    )
    .option('--clip-norm <length>', 'the most that all gradients together may measure', numberOf(0))
    .option('--accumulate <n>', 'batches that make one step together', wholeNumber(1), 1)
    .option('--freeze <names>', "parts that stay as they are, such as 'conv1,bn1,layer1'", parseNames, [])
    .option('--freeze-bn', 'keep the statistics of batch normalisations')
    .option('--lr-scale <list>', "learning rates of parts, such as 'layer1=0.1,layer2=0.3'", parseNames, [])
}
