// Classifies photographs, from file to ranked classes, in one call.
import { ResnetError } from '../base/errors.js'
import {
  aBoolean,
  aString,
  checkArguments,
  checkOptions,
  instanceOf,
  listOf,
  positiveInteger,
  type Check,
  type OptionsOf,
  aFunction,
  anObject,
  numberBetween
} from '../base/options.js'
import { compile, type CompiledNetwork } from '../compile/compile.js'
import { engineFor } from '../compile/shared-engines.js'
import { readImage } from '../images/decode/read-image.js'
import { isPicture, type Picture } from '../images/picture.js'
import { IMAGENET_CLASSES } from '../models/imagenet-classes.js'
import type { Module } from '../nn/module/module.js'
import { traceEvaluation } from '../nn/trace/trace.js'
import { MODELS } from '../models/registry.js'
import { splitTag } from '../models/timm-presets.js'
import { currentName, modelBuiltBy } from './named-model.js'
import { ENGINE_CHOICE, EXPECTED_RUNS, type Device } from '../runtime/engine.js'
import { counted } from '../base/figures.js'
import { className, shown } from '../base/words.js'
import { scoresOf } from '../tensor/probabilities.js'
import { Tensor } from '../tensor/tensor.js'
import type { FilePath, PagePixels } from '#platform'
import { openNetwork } from './open-network.js'
import {
  assertAnswers,
  isPath,
  OPENING,
  type NetworkSource,
  type OpenedNetwork,
  type OpenNetworkOptions
} from './opening.js'

/** A predicted class. */
export interface Prediction {
  /** The class's name; default ImageNet's for 1000 classes, otherwise `class 7`. */
  readonly label: string
  /** The number of the class. */
  readonly index: number
  /**
   * Probability, 0 … 1: softmax over the classes; the sigmoid of a single output, and of each one with `multiLabel`. Of a
   * single output with two names, the second class has its sigmoid and the first the rest.
   */
  readonly score: number
}

/** Options of `classifier`. */
export interface ClassifierOptions extends OpenNetworkOptions, RunningOptions {}

const RUNNING = {
  /** A name for each class; default the network's. */
  labels: listOf(aString),
  /**
   * An image may have several labels at once, each with a probability of its own, the sigmoid of its output; default what its
   * checkpoint says, or false: classes exclude each other. Networks trained with `binaryCrossEntropyWithLogits` are of this kind.
   */
  multiLabel: aBoolean,
  /** Expected number of images; see `compile`. Default `many`. */
  expectedRuns: EXPECTED_RUNS,
  /** Move the weights to the engine instead of copying them, including those of a given state dict; see `compile`. */
  transfer: aBoolean,
  ...ENGINE_CHOICE
}

/** Runtime options of a classifier. */
export interface RunningOptions extends OptionsOf<typeof RUNNING> {}

/** An image: a path or URL, a `File`, a file's bytes, a canvas or video, decoded pixels, or prepared input (3, H, W). */
export type ImageSource = FilePath | PagePixels | Picture | Tensor<'float32'>

const CLASSIFY_OPTIONS = {
  /** How many classes; default 5. */
  topK: positiveInteger,
  /** The least probability; default 0. With `multiLabel`, 0.5 is usual. */
  threshold: numberBetween(0, 1)
}

/** Options of a classification. */
export interface ClassifyOptions extends OptionsOf<typeof CLASSIFY_OPTIONS> {}

/** A network with its preparation of images. */
export interface Classifier extends AsyncDisposable {
  /** The `topK` most probable classes, best first; default 5. */
  (image: ImageSource, options?: ClassifyOptions): Promise<Prediction[]>
  /** The network's raw output. Shape: (classes). */
  logits(image: ImageSource): Promise<Tensor<'float32'>>
  /** Prepares decoded pixels. Shape: (C, H, W). */
  prepare(image: Picture): Tensor<'float32'>
  /** Ranks an output of `logits`. @throws ResnetError when it contains NaN. */
  rank(logits: Tensor<'float32'>, topK?: number): Prediction[]
  readonly device: Device
  dispose(): Promise<void>
}

/**
 * Opens a network as a classifier.
 *
 * @param source a constructor such as `resnet50`, a network, or any source of `openNetwork`.
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
  const among = (rules: object): object =>
    Object.fromEntries(Object.entries(options).filter(([name]) => name in rules))
  await assertTrained(source, options)
  const engine = engineFor(options)
  return classifierOf(await openNetwork(source, among(OPENING)), { ...among(RUNNING), engine })
}

/** @throws ResnetError for a model of the registry whose weights would be random. */
async function assertTrained(source: NetworkSource, { weights, seed }: ClassifierOptions): Promise<void> {
  if (weights !== undefined || seed !== undefined) return
  const isName = typeof source === 'string' && !isPath(source)
  const model = isName ? splitTag(await currentName(source))[0] : modelBuiltBy(source)?.model
  if (model === undefined || !Object.hasOwn(MODELS, model)) return
  const remedy = "give weights, a file or 'DEFAULT' for published ones, or seed for untrained ones"
  throw new ResnetError(`${model}: without weights it would answer at random; ${remedy}`)
}

/**
 * A classifier from a checkpoint.
 * @throws CheckpointError when the file is not a checkpoint, WeightsError when it cannot be read.
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

/** A classifier on an opened network. @throws ResnetError when its preparation of pictures is unknown. */
export async function classifierOf(opened: OpenedNetwork, options: RunningOptions = {}): Promise<Classifier> {
  checkOptions('classifierOf', options, RUNNING)
  checkArguments(
    'classifierOf',
    { opened },
    { opened: anObject<OpenedNetwork>('what openNetwork gives', 'prepare') }
  )
  assertAnswers(opened)
  const { net, shape, prepare, classes } = opened
  const { labels = classes, transfer = false, expectedRuns = 'many' } = options
  const { multiLabel = opened.multiLabel } = options
  const input = shape ?? prepare({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }).shape
  if (options.labels) assertNames(net, input, options.labels)
  const engine = engineFor(options)
  const run = await compile(net, { input: ['N', ...input], transfer, expectedRuns, engine })
  return classifierOn(run, prepare, labels, { multiLabel })
}

/** @throws ResnetError unless each output has a name, or a single one those of its two classes. */
function assertNames(net: Module, input: readonly number[], labels: readonly string[]): void {
  const { length } = labels
  const [, outputs] = traceEvaluation(net, ['N', ...input]).output.shape
  if (length === outputs || tellsTwoClasses(Number(outputs), labels)) return
  throw new ResnetError(
    `classifier: labels: ${counted(length, 'name', 'names')} given, but ${net.typeName} has ${counted(Number(outputs), 'class', 'classes')}`
  )
}

/** A classifier on a compiled network. */
export function classifierOn(
  run: CompiledNetwork,
  prepare: (image: Picture) => Tensor<'float32'>,
  labels?: readonly string[],
  reading: ReadingOfOutputs = {}
): Classifier {
  checkOptions('classifierOn', reading, READING)
  checkArguments('classifierOn', { run, prepare }, { run: aFunction(), prepare: aFunction() })
  const logits = async (source: ImageSource): Promise<Tensor<'float32'>> => {
    const pixels = source instanceof Tensor ? source : prepare(await imageOf(source))
    const transfer = pixels !== source
    const output = await run(pixels.reshape([1, ...pixels.shape]), { transfer })
    return output.reshape([-1])
  }
  const rank = (output: Tensor<'float32'>, topK = 5): Prediction[] => {
    checkArguments('rank', { logits: output }, { logits: instanceOf(Tensor) })
    return rankClasses(output, topK, labels, reading)
  }
  const classify = async (source: ImageSource, options: ClassifyOptions = {}): Promise<Prediction[]> => {
    const { topK, threshold = 0 } = checkOptions('classify', options, CLASSIFY_OPTIONS)
    return rank(await logits(source), topK).filter(({ score }) => score >= threshold)
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

const IMAGE: Check<ImageSource> = {
  expected: 'a path or URL, a File, bytes, a canvas or video, a picture or a Tensor',
  accepts: value =>
    typeof value === 'string' ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && !('then' in value))
}

async function imageOf(source: Exclude<ImageSource, Tensor>): Promise<Picture> {
  checkArguments('classify', { image: source }, { image: IMAGE })
  return typeof source === 'object' && isPicture(source) ? source : readImage(source)
}

const READING = { multiLabel: RUNNING.multiLabel }

/** How outputs are read as probabilities. */
export interface ReadingOfOutputs extends OptionsOf<typeof READING> {}

/**
 * Ranks classes by probability in float64; ties keep their order. Shape of the logits: (classes).
 * @throws ResnetError when the logits contain NaN or infinity.
 */
export function rankClasses(
  { data }: Tensor<'float32'>,
  topK: number,
  labels?: readonly string[],
  { multiLabel }: ReadingOfOutputs = {}
): Prediction[] {
  if (!Number.isInteger(topK) || topK < 1) {
    throw new ResnetError(`topK: expected a whole number of at least 1, got ${shown(topK)}`)
  }
  const isPair = tellsTwoClasses(data.length, labels)
  // The class that the output speaks for, and before it the other one.
  const outputs = isPair ? [-data[0], data[0]] : data
  const scores = scoresOf(outputs, isPair || multiLabel)
  if (scores.some(Number.isNaN)) {
    throw new ResnetError("the network's output contains NaN or infinity; check its weights")
  }
  const nameOf = classNames(scores.length, labels)
  return Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, topK)
    .map(index => ({ label: nameOf(index), index, score: scores[index] }))
}

/**
 * Whether a single output tells two named classes apart: it is the second one's, class 1, and the first has the rest of the
 * probability. Of such a network the index of a class is another thing than that of the output.
 */
export function tellsTwoClasses(outputs: number, labels: readonly string[] | undefined): boolean {
  return outputs === 1 && labels?.length === 2
}

/** Class names: given ones, ImageNet's for a thousand classes, otherwise numbers. */
export function classNames(classes: number, labels?: readonly string[]): (index: number) => string {
  const names = labels ?? (classes === IMAGENET_CLASSES.length ? IMAGENET_CLASSES : [])
  return index => className(names, index)
}
