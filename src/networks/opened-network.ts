// How a network is opened, and what is known of one that was.
import {
  aBoolean,
  aFunction,
  anyInteger,
  anObject,
  aString,
  checkedLater,
  finiteNumber,
  positiveInteger,
  type Checks
} from '../base/options.js'
import type { ImageClassificationOptions } from '../images/pipeline/image-classification.js'
import type { Shape } from '../ir/shape.js'
import type { Weights } from '../models/weights.js'
import type { Module } from '../nn/module.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { DownloadOptions } from '../weights/download.js'
import type { FilePath } from '#platform'
import type { CheckpointNetwork, NetworkFile, NetworkForm } from './checkpoint.js'
import type { Preparation } from './prepare.js'

/** How a network is opened. */
export interface OpenNetworkOptions {
  /**
   * Published weights (downloaded once and cached) or, for a model by its name, their name, such as `DEFAULT`; a file;
   * a state dict. Without: the network as it is built, or the checkpoint's weights.
   */
  readonly weights?: Weights | FilePath | StateDict | undefined
  /** Draw untrained weights from this seed. */
  readonly seed?: number | undefined
  /** Outputs of the network; by default read off the weights. */
  readonly numClasses?: number | undefined
  /** Draw the last layer anew where the weights are for another number of classes; default false: then they must fit. */
  readonly newHead?: boolean | undefined
  /** Channels of the images; weights for other images are adapted. */
  readonly inChannels?: number | undefined
  /** `false` for the plain twin without shortcuts. */
  readonly residual?: boolean | undefined
  /** What stands on the shortcuts, for models that can have other things there. */
  readonly skip?: string | undefined
  readonly gateBias?: number | undefined
  /** Which export of a JavaScript file is the network; default its default export. */
  readonly export?: string | undefined
  /** The JavaScript file that defines a checkpoint's network: a checkpoint itself never makes code run. */
  readonly file?: string | URL | undefined
  /** The input's shape, batch first, for networks that do not come with one. */
  readonly input?: Shape | undefined
  /** How photographs are prepared; by default as the published weights want it, or else torchvision's usual way. */
  readonly transforms?: Partial<ImageClassificationOptions> | undefined
  /** Hears of the download of published weights, in bytes. */
  readonly onProgress?: DownloadOptions['onProgress']
  /** Hears in a sentence what was done to make weights fit, or what has changed since they were saved. */
  readonly onNote?: (note: string) => void
}

/** What each of the options must be. */
export const OPENING: Checks<OpenNetworkOptions> = {
  weights: checkedLater(),
  seed: anyInteger,
  numClasses: positiveInteger,
  newHead: aBoolean,
  inChannels: positiveInteger,
  residual: aBoolean,
  skip: aString,
  gateBias: finiteNumber,
  export: aString,
  file: checkedLater(),
  input: checkedLater(),
  transforms: anObject(),
  onProgress: aFunction(),
  onNote: aFunction()
}

/** A network, and all that is known of it. */
export interface OpenedNetwork extends Omit<Preparation, 'shape' | 'transforms'> {
  readonly net: Module
  /** The model's name, or the file's, or the class's. */
  readonly model: string
  /** Where its weights are from, in words. */
  readonly origin: string
  /** Of one input, without the batch, such as (C, H, W); nothing where a file does not say. */
  readonly shape: readonly number[] | undefined
  /** How pictures are prepared, as data; nothing where the input is no picture. */
  readonly transforms: Preparation['transforms'] | undefined
  /** A name for each class, where the network brings some. */
  readonly classes: readonly string[] | undefined
  /** The JavaScript file that defines it. */
  readonly file: NetworkFile | undefined
  /** What it was built with, where that is known. */
  readonly form: Partial<NetworkForm>
  /** What a checkpoint's network was trained on. */
  readonly data: CheckpointNetwork['data']
}
