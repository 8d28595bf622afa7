// Photographs in, named classes out: the whole way from a file to a ranked answer, in one call.
import { ResnetError } from '../base/errors.js'
import { aBoolean, aString, checkOptions, listOf, positiveInteger, type Checks } from '../base/options.js'
import { compile, type CompiledNetwork } from '../compile/compile.js'
import { engineFor, type EngineChoice } from '../compile/shared-engines.js'
import { readImage } from '../images/decode/read-image.js'
import { isPicture, type Picture } from '../images/picture.js'
import { IMAGENET_CLASSES } from '../models/imagenet-classes.js'
import { DEVICE, ENGINE, EXPECTED_RUNS, type Device, type ExpectedRuns } from '../runtime/engine.js'
import { className } from '../base/words.js'
import { softmax } from '../tensor/probabilities.js'
import { Tensor } from '../tensor/tensor.js'
import type { FilePath, PagePixels } from '#platform'
import type { NetworkSource } from './network-source.js'
import { openNetwork } from './open-network.js'
import { OPENING, type OpenedNetwork, type OpenNetworkOptions } from './opened-network.js'

/** One answer of a classifier. */
export interface Prediction {
  /** The class's name: ImageNet's for 1000 classes, `class 7` otherwise, unless names were given. */
  readonly label: string
  readonly index: number
  /** Softmax probability, 0 … 1. */
  readonly score: number
}

/** How a classifier runs. */
export interface RunningOptions extends EngineChoice {
  /** A name for each class; by default those that the network brings. */
  readonly labels?: readonly string[] | undefined
  /** How many images, about, it is for; see `compile`. Default `many`. */
  readonly expectedRuns?: ExpectedRuns
  /**
   * Give the weights of the network that was built to the engine instead of copying them, also those of a state dict that
   * they came in; see `compile`.
   */
  readonly transfer?: boolean
}

/** What a classifier is made from, and how it runs. */
export interface ClassifierOptions extends OpenNetworkOptions, RunningOptions {}

const RUNNING: Checks<RunningOptions> = {
  labels: listOf(aString),
  device: DEVICE,
  engine: ENGINE,
  expectedRuns: EXPECTED_RUNS,
  transfer: aBoolean
}

/**
 * An image: a path or URL, a `File`, a file's bytes, in a page what is on a canvas or in a video, decoded pixels, or what
 * a preset made of them (3, H, W).
 */
export type ImageSource = FilePath | Uint8Array | PagePixels | Picture | Tensor<'float32'>

/** A network ready to name what is on a photograph. */
export interface Classifier extends AsyncDisposable {
  /** The `topK` most probable classes, best first; default 5. */
  (image: ImageSource, options?: { readonly topK?: number }): Promise<Prediction[]>
  /** The network's raw output. Shape: (classes). */
  logits(image: ImageSource): Promise<Tensor<'float32'>>
  /** Makes the network's input of decoded pixels. Shape: (C, H, W). */
  prepare(image: Picture): Tensor<'float32'>
  /** Ranks an output of `logits`. @throws ResnetError when it contains NaN. */
  rank(logits: Tensor<'float32'>, topK?: number): Prediction[]
  readonly device: Device
  dispose(): Promise<void>
}

/**
 * Opens a network and prepares images as it wants them.
 *
 * @param source a constructor such as `resnet50`, a network, or whatever else `openNetwork` takes: a model's name, a
 * checkpoint, a JavaScript file.
 * @throws WeightsError when weights cannot be read, NetworkError when they do not fit the network.
 * @example
 * const classify = await classifier(resnet18, { weights: 'resnet18.safetensors' })
 * await classify('dog.jpg', { topK: 5 }) // [{ label: 'Samoyed', index: 258, score: 0.93 }, …]
 */
export async function classifier(
  source: NetworkSource,
  options: ClassifierOptions = {}
): Promise<Classifier> {
  checkOptions('classifier', options, { ...OPENING, ...RUNNING })
  const opening = Object.fromEntries(Object.entries(options).filter(([name]) => name in OPENING))
  const running = Object.fromEntries(Object.entries(options).filter(([name]) => name in RUNNING))
  // The engine starts while the weights are read.
  const engine = engineFor(options)
  return classifierOf(await openNetwork(source, opening), { ...running, engine })
}

/**
 * A classifier from a checkpoint.
 * @throws CheckpointError when the file is no checkpoint, WeightsError when it cannot be read.
 * @example
 * const classify = await checkpointClassifier(DIGITS_CHECKPOINT)
 */
export async function checkpointClassifier(
  path: FilePath,
  options: ClassifierOptions = {}
): Promise<Classifier> {
  checkOptions('checkpointClassifier', options, { ...OPENING, ...RUNNING })
  return classifier(path, options)
}

/**
 * A classifier on a network that was opened.
 * @throws ResnetError where it is not known how pictures become its input.
 */
export async function classifierOf(opened: OpenedNetwork, options: RunningOptions = {}): Promise<Classifier> {
  checkOptions('classifierOf', options, RUNNING)
  const { net, shape, prepare, classes } = opened
  const { labels = classes, transfer = false, expectedRuns = 'many' } = options
  const input = shape ?? prepare({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }).shape
  const run = await compile(net, {
    input: ['N', ...input],
    transfer,
    expectedRuns,
    engine: engineFor(options)
  })
  return classifierOn(run, prepare, labels)
}

/** A classifier on a network that is ready to run. */
export function classifierOn(
  run: CompiledNetwork,
  prepare: (image: Picture) => Tensor<'float32'>,
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

async function imageOf(source: Exclude<ImageSource, Tensor>): Promise<Picture> {
  return typeof source === 'object' && isPicture(source) ? source : readImage(source)
}

/**
 * Softmax in float64, then the largest first; equal scores keep their order. Shape of the logits: (classes).
 * @throws ResnetError when the logits contain NaN or infinity.
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
    throw new ResnetError("the network's output contains NaN or infinity; check its weights")
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
