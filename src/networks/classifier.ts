// Photographs in, named classes out: the whole way from a file to a ranked answer, in one call.
import {
  aBoolean,
  aFunction,
  anObject,
  aString,
  checkedLater,
  checkOptions,
  listOf,
  positiveInteger,
  type Checks
} from '../base/options.js'
import { compile, type CompiledNetwork } from '../compile/compile.js'
import { engineFor } from '../compile/shared-engines.js'
import { imageClassification, type ImageClassificationOptions } from '../images/image-classification.js'
import { readImage } from '../images/read-image.js'
import { isRgbImage, type RgbImage } from '../images/rgb-image.js'
import { buildFor } from '../models/build-for.js'
import { IMAGENET_CLASSES } from '../models/imagenet-classes.js'
import type { Weights } from '../models/weights.js'
import type { Module } from '../nn/module.js'
import { className } from '../base/words.js'
import {
  DEVICE,
  ENGINE,
  EXPECTED_RUNS,
  type Device,
  type DeviceRequest,
  type Engine,
  type ExpectedRuns
} from '../runtime/engine.js'
import { ResnetError } from '../base/errors.js'
import { softmax } from '../tensor/probabilities.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'
import { fetchWeights, type DownloadOptions } from '../weights/download.js'
import { readWeights } from '../weights/read-weights.js'
import type { FilePath, PagePixels } from '#platform'

/** One answer of a classifier. */
export interface Prediction {
  /** The class's name: ImageNet's for 1000 classes, `class 7` otherwise, unless names were given. */
  readonly label: string
  readonly index: number
  /** Softmax probability, 0 … 1. */
  readonly score: number
}

/** What a classifier is made from. */
export interface ClassifierOptions {
  /** Published weights (downloaded once and cached), a file, or a state dict. Without: the network as it was built. */
  readonly weights?: Weights | FilePath | StateDict
  /** Hears of the download of published weights, in bytes. */
  readonly onProgress?: DownloadOptions['onProgress']
  /** Outputs of the network; read off the weights by default. */
  readonly numClasses?: number
  /** A name for each class. */
  readonly labels?: readonly string[]
  /** How images are prepared; by default as the published weights want it, or else torchvision's usual way. */
  readonly transforms?: Partial<ImageClassificationOptions>
  readonly device?: DeviceRequest
  readonly engine?: Engine
  /** How many images, about, it is for; see `compile`. Default `many`. */
  readonly expectedRuns?: ExpectedRuns
  /**
   * Give the weights of the network that was built to the engine instead of copying them, also those of a state dict that
   * they came in; see `compile`.
   */
  readonly transfer?: boolean
}

const OPTIONS: Checks<ClassifierOptions> = {
  weights: checkedLater(),
  onProgress: aFunction(),
  numClasses: positiveInteger,
  labels: listOf(aString),
  transforms: anObject(),
  device: DEVICE,
  engine: ENGINE,
  expectedRuns: EXPECTED_RUNS,
  transfer: aBoolean
}

/**
 * An image: a path or URL, a `File`, a file's bytes, in a page what is on a canvas or in a video, decoded pixels, or what
 * a preset made of them (3, H, W).
 */
export type ImageSource = FilePath | Uint8Array | PagePixels | RgbImage | Tensor<'float32'>

/** A network ready to name what is on a photograph. */
export interface Classifier extends AsyncDisposable {
  /** The `topK` most probable classes, best first; default 5. */
  (image: ImageSource, options?: { readonly topK?: number }): Promise<Prediction[]>
  /** The network's raw output. Shape: (classes). */
  logits(image: ImageSource): Promise<Tensor<'float32'>>
  /** Makes the network's input of decoded pixels. Shape: (C, H, W). */
  prepare(image: RgbImage): Tensor<'float32'>
  /** Ranks an output of `logits`. @throws ResnetError when that holds what are no numbers. */
  rank(logits: Tensor<'float32'>, topK?: number): Prediction[]
  readonly device: Device
  dispose(): Promise<void>
}

/**
 * Builds a network, loads its weights and prepares images as they want them.
 *
 * @param build a constructor such as `resnet50`.
 * @throws WeightsError when the weights cannot be read, StateDictError when they do not fit the network.
 * @example
 * const classify = await classifier(resnet18, { weights: 'resnet18.safetensors' })
 * await classify('dog.jpg', { topK: 5 }) // [{ label: 'Samoyed', index: 258, score: 0.93 }, …]
 */
export async function classifier(
  build: (options?: { readonly numClasses?: number }) => Module,
  options: ClassifierOptions = {}
): Promise<Classifier> {
  checkOptions('classifier', options, OPTIONS)
  // The engine starts while the weights are read.
  const engine = engineFor(options)
  const stateDict = await resolveWeights(options)
  const net = buildFor(build, stateDict, { numClasses: options.numClasses })
  const prepare = imageClassification(options.transforms ?? publishedTransforms(options.weights))
  const run = await compile(net, {
    input: ['N', 3, prepare.cropSize, prepare.cropSize],
    transfer: options.transfer ?? false,
    expectedRuns: options.expectedRuns ?? 'many',
    engine
  })
  return classifierOn(run, prepare, options.labels)
}

/** A classifier on a network that is ready to run. */
export function classifierOn(
  run: CompiledNetwork,
  prepare: (image: RgbImage) => Tensor<'float32'>,
  labels?: readonly string[]
): Classifier {
  const logits = async (source: ImageSource): Promise<Tensor<'float32'>> => {
    const pixels = source instanceof Tensor ? source : prepare(await imageOf(source))
    const transfer = pixels !== source
    const output = await run(pixels.reshape([1, ...pixels.shape]), { transfer })
    return output.reshape([-1])
  }
  const rank = (output: Tensor<'float32'>, topK = 5): Prediction[] => rankClasses(output, topK, labels)
  const classify = async (
    source: ImageSource,
    options: { readonly topK?: number } = {}
  ): Promise<Prediction[]> => {
    checkOptions('classify', options, { topK: positiveInteger })
    return rank(await logits(source), options.topK)
  }
  const dispose = (): Promise<void> => run.dispose()
  return Object.assign(classify, {
    logits,
    prepare,
    rank,
    device: run.device,
    dispose,
    [Symbol.asyncDispose]: dispose
  })
}

async function imageOf(source: Exclude<ImageSource, Tensor>): Promise<RgbImage> {
  return typeof source === 'object' && isRgbImage(source) ? source : readImage(source)
}

async function resolveWeights({ weights, onProgress }: ClassifierOptions): Promise<StateDict | undefined> {
  if (weights === undefined || weights instanceof Map) return weights
  if (!isPublished(weights)) return readWeights(weights)
  const { url, sha256Prefix } = weights
  return readWeights(await fetchWeights(url, { sha256Prefix, ...(onProgress ? { onProgress } : {}) }))
}

function publishedTransforms(weights: ClassifierOptions['weights']): Partial<ImageClassificationOptions> {
  return isPublished(weights) ? weights.transforms : {}
}

function isPublished(weights: ClassifierOptions['weights']): weights is Weights {
  return typeof weights === 'object' && 'sha256Prefix' in weights
}

/**
 * Softmax in float64, then the largest first; equal scores keep their order. Shape of the logits: (classes).
 * @throws ResnetError when the logits are no numbers.
 */
export function rankClasses(
  { data }: Tensor<'float32'>,
  topK: number,
  labels?: readonly string[]
): Prediction[] {
  if (!Number.isInteger(topK) || topK < 1) {
    throw new ResnetError(`topK: expected a whole number of at least 1, got ${topK}`)
  }
  const scores = softmax(data)
  if (scores.some(Number.isNaN)) {
    throw new ResnetError(
      'The network answers with what are no numbers (NaN or infinity), as its weights may be'
    )
  }
  const nameOf = classNames(data.length, labels)
  return Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, topK)
    .map(index => ({ label: nameOf(index), index, score: scores[index] }))
}

/** What a network's classes are called: as given, ImageNet's where there are a thousand, numbers otherwise. */
export function classNames(classes: number, labels?: readonly string[]): (index: number) => string {
  const names = labels ?? (classes === IMAGENET_CLASSES.length ? IMAGENET_CLASSES : [])
  return index => className(names, index)
}
