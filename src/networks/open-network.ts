// The one way to open a network: from a model's name, from a checkpoint, from the user's own JavaScript file, or from
// what a program has built. The command line, classifiers and the explorer go through it.
import { PathError, ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import type { ImageClassificationOptions } from '../images/image-classification.js'
import type { RgbImage } from '../images/rgb-image.js'
import type { Shape } from '../ir/shape.js'
import { buildFor } from '../models/build-for.js'
import { findModel, readOptions, type ModelEntry } from '../models/registry.js'
import type { Weights } from '../models/weights.js'
import { Module } from '../nn/module.js'
import { StateDictError } from '../nn/state-dict.js'
import { manualSeed } from '../tensor/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formatShape, type Tensor } from '../tensor/tensor.js'
import { fetchWeights, type DownloadOptions } from '../weights/download.js'
import { readWeights } from '../weights/read-weights.js'
import { WeightsError } from '../weights/weights-error.js'
import { quote } from '../base/quote.js'
import { fileName, type FilePath } from '#platform'
import {
  readSavedNetwork,
  type CheckpointNetwork,
  type NetworkFile,
  type NetworkForm,
  type SavedNetwork
} from './checkpoint.js'
import { CheckpointError, misfit, ownersOf } from './network-error.js'
import { isPath, isScript, type NetworkBuilder, type NetworkSource } from './network-source.js'
import { networkTensors } from './network-tensors.js'
import { make, openFile, type FileNetwork, type FileOptions } from './open-file.js'
import { photographs, prepared, usualFor, type Preparation } from './prepare.js'

/** Height and width of the input of networks for photographs. */
const PHOTOGRAPH = 224

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

/** A network, and all that is known of it. */
export interface OpenedNetwork {
  readonly net: Module
  /** The model's name, or the file's, or the class's. */
  readonly model: string
  /** Where its weights are from, in words. */
  readonly origin: string
  /** Of one input, without the batch, such as (C, H, W); nothing where a file does not say. */
  readonly shape: readonly number[] | undefined
  /** How pictures are prepared, as data; nothing where the input is no picture. */
  readonly transforms: Preparation['transforms'] | undefined
  /**
   * From a picture to the network's input.
   * @throws ResnetError where it is not known how.
   */
  readonly prepare: (image: RgbImage) => Tensor<'float32'>
  /** The pixels that the network sees of a picture, before they become floats. */
  readonly crop: (image: RgbImage) => RgbImage
  /** A name for each class, where the network brings some. */
  readonly classes: readonly string[] | undefined
  /** The JavaScript file that defines it. */
  readonly file: { readonly path: string; readonly export: string; readonly sha256: string } | undefined
  /** What it was built with, where that is known. */
  readonly form: Partial<NetworkForm>
  /** What a checkpoint's network was trained on. */
  readonly data: CheckpointNetwork['data']
}

/**
 * Opens a network.
 *
 * A JavaScript file is run. Its export is a Module, a class of one, or a function that returns one, which is called with
 * `{ numClasses, inChannels }` where those are given; it may also export `inputShape`, `classes` and `transforms`.
 * A checkpoint of such a network needs the option `file`: what a checkpoint names is never run on its own.
 *
 * @throws ResnetError that says what is wrong with a name, a file or an option; NetworkError where it is known which model
 * weights are of.
 * @example
 * const { net, shape, classes } = await openNetwork(DIGITS_CHECKPOINT)
 * shape // [1, 8, 8]
 */
export async function openNetwork(
  source: NetworkSource,
  options: OpenNetworkOptions = {}
): Promise<OpenedNetwork> {
  if (source instanceof Module || typeof source === 'function') return ofProgram(source, options)
  if (!(source instanceof Blob) && isScript(source)) return ofFile(source, options)
  if (options.export !== undefined && options.file === undefined) {
    throw new ResnetError('export: chooses from a JavaScript file, such as ./my-net.mjs')
  }
  return typeof source !== 'string' || isPath(source)
    ? ofCheckpoint(source, options)
    : ofModel(source, options)
}

async function ofModel(model: string, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  const entry = findModel(model)
  const { seed, residual, skip, gateBias } = options
  const shortcuts = {
    ...(residual === undefined ? {} : { residual }),
    ...(skip === undefined ? {} : { skip }),
    ...(gateBias === undefined ? {} : { gateBias })
  }
  const fixed = readOptions(shortcuts)
  const published = publishedWeights(entry, options.weights)
  const weights = await given(published ?? options.weights, options).catch((error: unknown) => {
    throw orPublished(error, entry, options.weights)
  })
  if (seed !== undefined) manualSeed(seed)
  const net = await built(form => entry.build({ ...fixed, ...form }), weights, options)
  const { inputSize: side } = entry
  const size = side === PHOTOGRAPH ? {} : { cropSize: side, resizeSize: side }
  return {
    ...preparedAs(model, published?.transforms ?? size, options),
    ...ANONYMOUS,
    net,
    model,
    origin: originOf(options),
    form: { ...formOf(options), ...shortcuts }
  }
}

async function ofProgram(
  source: Module | NetworkBuilder,
  options: OpenNetworkOptions
): Promise<OpenedNetwork> {
  const weights = await given(options.weights, options)
  if (options.seed !== undefined) manualSeed(options.seed)
  const net = await built(form => moduleOf(make(source, form ?? {})), weights, options)
  const published = isPublished(options.weights) ? options.weights.transforms : {}
  return {
    ...preparedAs(net.typeName, published, options),
    ...ANONYMOUS,
    net,
    model: net.typeName,
    origin: originOf(options),
    form: formOf(options)
  }
}

async function ofFile(path: string | URL, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  const name = fileName(path)
  if (options.skip !== undefined) throw new ResnetError(`skip: ${name} defines its shortcuts itself`)
  const weights = await given(options.weights, options)
  if (options.seed !== undefined) manualSeed(options.seed)
  // Weights for other classes come with the network that they are for.
  const { numClasses } = options.newHead && weights ? {} : options
  const opened = await openFile(path, { ...options, numClasses })
  const { net, exportName, sha256, input, classes, preparation } = opened
  if (weights) await built(() => net, weights, options)
  const known = options.transforms ? photographs(options.transforms) : preparation
  return {
    ...(known ? pictures(known) : unprepared(name, input)),
    ...ANONYMOUS,
    net,
    model: name,
    origin: originOf(options),
    classes,
    file: { path: name, export: exportName, sha256 },
    form: { ...formOf(options), residual: options.residual ?? true }
  }
}

async function ofCheckpoint(path: FilePath, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  const { network, tensors } = await readSavedNetwork(path).catch(async (error: unknown) => {
    throw error instanceof CheckpointError ? await namingModel(path, error) : error
  })
  assertOwnWeights(path, network, options)
  if (options.seed !== undefined) manualSeed(options.seed)
  const form = { ...network.options, ...formOf({ inChannels: options.inChannels }) }
  const preparation = prepared(network.transforms, network.options.inChannels)
  const input = ['N', ...preparation.shape] as const
  const file = network.file && (await fileOf(path, network.file, { ...options, ...form, input }))
  if (options.file !== undefined && !file) {
    const fault = `is of ${quote(network.model)}, which no file defines: leave out ${fileName(options.file)}`
    throw new CheckpointError(fileName(path), fault)
  }
  const build = (): Module => file?.net ?? findModel(network.model).build(readOptions(form))
  const weights = { path: fileName(path), tensors: networkTensors(tensors) }
  const net = await built(build, weights, options)
  return {
    ...pictures(preparation),
    net,
    model: network.model,
    origin: fileName(path),
    classes: network.classes,
    file: file && { path: fileName(options.file ?? ''), export: file.exportName, sha256: file.sha256 },
    form: { ...network.options, ...formOf(options) },
    data: network.data
  }
}

function assertOwnWeights(
  path: FilePath,
  { options: { numClasses: classes } }: CheckpointNetwork,
  { weights, numClasses, newHead }: OpenNetworkOptions
): void {
  if (weights !== undefined) {
    throw new CheckpointError(fileName(path), 'is a checkpoint, which has weights of its own: give no others')
  }
  if (numClasses === undefined || newHead || numClasses === classes) return
  throw new CheckpointError(fileName(path), `its network has ${classes} classes, not ${numClasses}`)
}

/** The network of a checkpoint that was read, with its weights; averaged ones where an average was kept. */
export function restoreNetwork({ network, tensors }: Pick<SavedNetwork, 'network' | 'tensors'>): Module {
  if (network.file) throw definedElsewhere('the checkpoint', network.file)
  const net = findModel(network.model).build(readOptions(network.options))
  net.loadStateDict(networkTensors(tensors))
  return net
}

/** The file that defines a checkpoint's network, run because the caller named it. */
async function fileOf(
  path: FilePath,
  saved: NetworkFile,
  { file, onNote, ...options }: FileOptions & Pick<OpenNetworkOptions, 'file' | 'onNote'>
): Promise<FileNetwork> {
  if (file === undefined) throw definedElsewhere(path, saved)
  const opened = await openFile(file, { ...options, export: options.export ?? saved.export })
  if (opened.sha256 !== saved.sha256)
    onNote?.(`${fileName(file)} has changed since ${fileName(path)} was saved`)
  return opened
}

function definedElsewhere(path: FilePath, { path: relative, export: name }: NetworkFile): CheckpointError {
  const file = typeof path === 'string' ? beside(path, relative) : relative
  const which = name === 'default' ? '' : ` (its export ${quote(name)})`
  return new CheckpointError(
    fileName(path),
    `its network is defined in ${quote(file)}${which}, and a checkpoint never runs code: name that file as the model`,
    { remedy: { file } }
  )
}

/** A path that is relative to a file's folder. */
function beside(file: string, relative: string): string {
  const parts: string[] = []
  for (const part of `${file.replaceAll('\\', '/')}/../${relative}`.split('/')) {
    const isNamed = parts.length > 0 && parts.at(-1) !== '..'
    if (part === '..' && isNamed) parts.pop()
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part)
  }
  return /^(\.\.|)$/.test(parts[0]) ? parts.join('/') : `./${parts.join('/')}`
}

function moduleOf(made: unknown): Module {
  if (made instanceof Module) return made
  throw new ResnetError('expected a network: a Module, a class of one, or a function that returns one')
}

/** Weights, and how messages call where they are from. */
interface GivenWeights {
  readonly path: string
  readonly tensors: StateDict
}

async function given(
  weights: OpenNetworkOptions['weights'],
  { onProgress }: OpenNetworkOptions
): Promise<GivenWeights | undefined> {
  if (weights === undefined) return undefined
  if (weights instanceof Map) return { path: 'the state dict', tensors: weights }
  const { sha256Prefix } = isPublished(weights) ? weights : {}
  const file = isPublished(weights)
    ? await fetchWeights(weights.url, {
        ...(sha256Prefix === undefined ? {} : { sha256Prefix }),
        ...(onProgress ? { onProgress } : {})
      })
    : weights
  // A run's last checkpoint holds the optimizer's state, too.
  return { path: fileName(file), tensors: networkTensors(await readWeights(file)) }
}

/** Builds a network, loads weights into it, and gives it another head if that is asked for. */
async function built(
  build: (form?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  weights: GivenWeights | undefined,
  { numClasses, inChannels, newHead = false, onNote }: OpenNetworkOptions
): Promise<Module> {
  const isTuned = newHead && weights !== undefined
  try {
    const net = buildFor(build, weights?.tensors, {
      numClasses: isTuned ? undefined : numClasses,
      inChannels,
      onNote: note => onNote?.(`${weights?.path ?? ''}: ${note}`)
    })
    return isTuned && numClasses !== undefined ? withOutputs(net, numClasses) : net
  } catch (error) {
    throw error instanceof StateDictError && weights
      ? await misfit(weights.path, error, weights.tensors)
      : error
  }
}

function withOutputs(net: Module, numClasses: number): Module {
  const [outputs] = [...net.namedParameters()].at(-1)?.[1].shape ?? []
  if (outputs === numClasses) return net
  if (!hasHead(net)) {
    throw new ResnetError(`${net.typeName} has no resetClassifier to give it ${numClasses} outputs`)
  }
  net.resetClassifier(numClasses)
  return net
}

function hasHead(net: Module): net is Module & { resetClassifier(numClasses: number): unknown } {
  return 'resetClassifier' in net
}

/** Plain weights say nothing of their model, but their names and shapes do. */
async function namingModel(path: FilePath, error: CheckpointError): Promise<CheckpointError> {
  const owners = await ownersOf(networkTensors(await readWeights(path)))
  const fault = owners ? `${error.fault}; ${owners.sentence}` : error.fault
  return new CheckpointError(error.path, fault, { cause: error, remedy: { model: owners?.model } })
}

/** A file that cannot be read may have been meant as the name of published weights. */
function orPublished(error: unknown, entry: ModelEntry, weights: OpenNetworkOptions['weights']): unknown {
  if (!(error instanceof WeightsError) || typeof weights !== 'string') return error
  const advice = didYouMean(weights.split('.').at(-1) ?? '', Object.keys(entry.weights))
  return advice === '' ? error : new WeightsError(error.path, `${error.fault}${advice}`, { cause: error })
}

function publishedWeights(entry: ModelEntry, weights: OpenNetworkOptions['weights']): Weights | undefined {
  if (isPublished(weights)) return weights
  return typeof weights === 'string' ? entry.weights[weights.split('.').at(-1) ?? ''] : undefined
}

function isPublished(weights: OpenNetworkOptions['weights']): weights is Weights {
  return typeof weights === 'object' && 'sha256Prefix' in weights
}

function originOf({ weights, seed }: OpenNetworkOptions): string {
  if (weights instanceof Map) return 'a state dict'
  if (isPublished(weights)) return weights.name
  if (weights !== undefined) return weights === 'DEFAULT' ? 'published weights' : fileName(weights)
  return seed === undefined ? 'untrained weights' : `untrained weights of seed ${seed}`
}

/** What was asked for of the network's two ends. */
function formOf({ numClasses, inChannels }: OpenNetworkOptions): Partial<NetworkForm> {
  return {
    ...(numClasses === undefined ? {} : { numClasses }),
    ...(inChannels === 1 || inChannels === 3 ? { inChannels } : {})
  }
}

/** What is known of a network that neither a file nor a checkpoint describes. */
const ANONYMOUS = { classes: undefined, file: undefined, data: undefined } as const

function pictures({ shape, transforms, prepare, crop }: Preparation): Pick<OpenedNetwork, keyof Preparation> {
  return { shape, transforms, prepare, crop }
}

/** As photographs usually are, unless the options ask for another input. */
function preparedAs(
  model: string,
  usual: Partial<ImageClassificationOptions>,
  { transforms, input, inChannels = 3 }: OpenNetworkOptions
): Pick<OpenedNetwork, keyof Preparation> {
  const side = usual.cropSize ?? PHOTOGRAPH
  if (transforms || (!input && inChannels === 3)) return pictures(photographs(transforms ?? usual))
  const shape = input ?? ['N' as const, inChannels, side, side]
  const preparation = usualFor(shape)
  return preparation ? pictures(preparation) : unprepared(model, shape)
}

function unprepared(path: string, input: Shape | undefined): Pick<OpenedNetwork, keyof Preparation> {
  const fault = input
    ? `takes ${formatShape(input)}, which is no picture`
    : 'does not say how pictures become its input; export inputShape, such as [1, 3, 224, 224]'
  const refuse = (): never => {
    throw new PathError(path, fault)
  }
  const shape = input?.slice(1).map(Number)
  return { shape, transforms: undefined, prepare: refuse, crop: refuse }
}
