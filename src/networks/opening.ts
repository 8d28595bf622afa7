// Opening a network: its source, the options, and what is opened. Apart from doing it, so that the command line need not
// load that.
import {
  aBoolean,
  aFunction,
  anyInteger,
  aString,
  checkedLater,
  finiteNumber,
  oneOf,
  positiveInteger,
  type Check,
  type OptionsOf
} from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import { isA } from '../base/kinds.js'
import type { Shape } from '../ir/shape.js'
import { ASSUMED_OPTIONS } from '../models/arithmetic.js'
import { PIXELS } from '../models/pixel-kinds.js'
import type { Weights } from '../models/weights.js'
import type { Module } from '../nn/module/module.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { DownloadOptions } from '../weights/download.js'
import type { HubOptions } from '../weights/hub/hub-settings.js'
import type { FilePath } from '#platform'
import type { CheckpointNetwork, NetworkFile, NetworkForm } from './checkpoint.js'
import type { AnyPreparation, GivenTransforms } from './prepare.js'

/** A network's constructor, such as `resnet50`, or a class without required arguments. */
export type NetworkBuilder =
  ((options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module) | (new () => Module)

/** A model's name, also with timm's tag (`resnet50.a1_in1k`), `hf:owner/name` or a folder downloaded from there, a checkpoint's path or `File` (`digits`: the one that ships), the path of a JavaScript file with a default export, a network, or builder. */
export type NetworkSource = FilePath | Module | NetworkBuilder

/** The name of the checkpoint that ships with the package. */
export const BUNDLED = 'digits'

/** Whether a source is a JavaScript or TypeScript file. */
export function isScript(source: FilePath): source is string | URL {
  if (typeof source !== 'string' && !isA(URL, source)) return false
  return /\.[cm]?[jt]s$/i.test(typeof source === 'string' ? source : source.pathname)
}

/** Whether a source is a file; otherwise it is a model's name. */
export function isPath(source: FilePath): boolean {
  return (
    typeof source !== 'string' ||
    /[\\/]|\.(safetensors|pth|pt|ckpt|bin|index\.json|[cm]?[jt]s)$/i.test(source)
  )
}

const TRANSFORMS: Check<GivenTransforms> = {
  expected:
    'options such as { cropSize: 32 }, a list of steps such as [toTensor()], or what makePipeline makes',
  accepts: value =>
    typeof value === 'function' ? 'transforms' in value : typeof value === 'object' && value !== null
}

export const ASSUMPTIONS = {
  ...ASSUMED_OPTIONS,
  /**
   * The pixels that weights were trained on: default `rgb`; `bgr`, normalised as those; `caffe`, BGR from 0 to 255 less the mean. The
   * first convolution is changed, so that the network takes pictures as every other.
   */
  pixels: oneOf(...PIXELS)
}

/** What the names of weights cannot tell. */
export interface Assumptions extends OptionsOf<typeof ASSUMPTIONS> {}

export const OPENING = {
  /**
   * Published weights (cached) or their name, such as `DEFAULT` or timm's `a1_in1k`; a file; `hf:owner/name`; a state dict. Default those that the network has,
   * which a model's name or constructor draws at random.
   */
  weights: checkedLater<Weights | FilePath | StateDict | undefined>(),
  /** How the Hugging Face Hub is asked for `hf:owner/name`: token, address, cache. */
  hub: checkedLater<HubOptions | undefined>(),
  /** The entry of a checkpoint of other programs with the weights, as in `readWeights`. */
  entry: aString,
  /**
   * The project whose names the weights have, such as `hf` or `detectron2`; default the one that is recognised. Given, weights load
   * that another arithmetic was trained with.
   */
  dialect: aString,
  /** What the names of weights cannot tell, where it is not as usual: `{ strideIn1x1: true, pixels: 'caffe' }`. */
  assume: checkedLater<Assumptions | undefined>(),
  /** Seed of untrained weights. */
  seed: anyInteger,
  /** Number of outputs; default the weights'. */
  numClasses: positiveInteger,
  /** Replace the last layer if the weights have other classes; default false. */
  newHead: aBoolean,
  /** Input channels, to which the weights are adapted. */
  inChannels: positiveInteger,
  /** `false` for the plain twin without shortcuts. */
  residual: aBoolean,
  /** The kind of shortcuts, for models that support it. */
  skip: aString,
  gateBias: finiteNumber,
  /** Export of a JavaScript file; default its default export. */
  export: aString,
  /** The JavaScript file with a checkpoint's network, which is never run otherwise. */
  file: checkedLater<string | URL | undefined>(),
  /** The input's shape, batch first, for networks without one. */
  input: checkedLater<Shape | undefined>(),
  /**
   * Preparation of photographs: options of `imageClassification`, a list of steps, or a pipeline. Steps that leave the size open
   * make that of the input. Default that of the weights or the checkpoint, or torchvision's usual one.
   */
  transforms: TRANSFORMS,
  /**
   * Whether timm's weights see pictures at the size for tests, with which their accuracy was measured, where it differs from that of
   * training (timm: `use_test_size`); default false, as in timm.
   */
  testSize: aBoolean,
  /** Called during downloads, in bytes. */
  onProgress: aFunction<DownloadOptions['onProgress']>(),
  /** Called with a sentence about each adaptation of the weights, or changes since they were saved. */
  onNote: aFunction<(note: string) => void>()
}

/** Options of `openNetwork`. */
export interface OpenNetworkOptions extends OptionsOf<typeof OPENING> {}

/** A network and its properties. */
export interface OpenedNetwork extends AnyPreparation {
  readonly net: Module
  /** The name of the model, file or class. */
  readonly model: string
  /** The weights' source in words. */
  readonly origin: string
  /** The licence of weights from the hub, such as `apache-2.0` or `cc-by-nc-4.0`; undefined where nothing says it. */
  readonly licence: string | undefined
  /** Whether its weights were a backbone's, without a classifier: then its classifier is untrained. */
  readonly isHeadless: boolean
  /** A name for each class, if known. */
  readonly classes: readonly string[] | undefined
  /** Whether an image may have several labels at once, if a checkpoint says so: then each output's sigmoid is a probability. */
  readonly multiLabel: boolean | undefined
  /** The JavaScript file that defines it. */
  readonly file: NetworkFile | undefined
  /** What it was built with, where that is known. */
  readonly form: Partial<NetworkForm>
  /** What a checkpoint's network was trained on. */
  readonly data: CheckpointNetwork['data']
}

/** @throws ResnetError for a network whose answers would be random. */
export function assertAnswers({ isHeadless, model }: Pick<OpenedNetwork, 'isHeadless' | 'model'>): void {
  if (!isHeadless) return
  const remedy = "train one (resnet train --weights), or take the backbone's features"
  throw new ResnetError(
    `${model}: its weights have no classifier, so that it would answer at random; ${remedy}`
  )
}
