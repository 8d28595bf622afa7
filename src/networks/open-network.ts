// Opens networks from any source; the command line, classifiers and the explorer use it.
import { ResnetError } from '../base/errors.js'
import { checkOptions } from '../base/options.js'
import { didYouMean } from '../base/nearest-names.js'
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'
import { findModel, readOptions, type ModelEntry } from '../models/registry.js'
import type { Weights } from '../models/weights.js'
import { Module } from '../nn/module.js'
import { manualSeed } from '../tensor/random/random.js'
import { WeightsError } from '../weights/bytes.js'
import { fileName } from '#platform'
import { built, formOf, given, isPublished, make, originOf } from './build-network.js'
import { isPath, isScript, type NetworkBuilder, type NetworkSource } from './network-source.js'
import { openCheckpoint } from './open-checkpoint.js'
import { OPENING, type OpenedNetwork, type OpenNetworkOptions } from './opened-network.js'
import { photographs, unprepared, usualFor, type Preparation, type Unprepared } from './prepare.js'

/** The default input size. */
const PHOTOGRAPH = 224

/**
 * Opens a network.
 *
 * A JavaScript file is run. It exports a Module, a class, or a function that returns one and receives
 * `{ numClasses, inChannels }`, if given; and optionally `inputShape`, `classes` and `transforms`. A checkpoint of such a
 * network needs the option `file`, since code that it names is never run.
 *
 * @throws ResnetError naming an invalid name, file or option; NetworkError if the weights' model is known.
 * @example
 * const { net, shape, classes } = await openNetwork(DIGITS_CHECKPOINT)
 * shape // [1, 8, 8]
 */
export async function openNetwork(
  source: NetworkSource,
  options: OpenNetworkOptions = {}
): Promise<OpenedNetwork> {
  checkOptions('openNetwork', options, OPENING)
  if (source instanceof Module || typeof source === 'function') return ofProgram(source, options)
  if (!(source instanceof Blob) && isScript(source)) return ofFile(source, options)
  if (options.export !== undefined && options.file === undefined) {
    throw new ResnetError('export: chooses from a JavaScript file, such as ./my-net.mjs')
  }
  return typeof source !== 'string' || isPath(source)
    ? openCheckpoint(source, options)
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
  // The last layer is replaced later, so the network is built for the weights' classes.
  const { numClasses } = options.newHead && weights ? {} : options
  // Loaded here alone: a page has no files of JavaScript to open.
  const { openFile } = await import('./open-file.js')
  const opened = await openFile(path, { ...options, numClasses })
  const { net, exportName, sha256, input, classes, preparation } = opened
  if (weights) await built(() => net, weights, options)
  const known = options.transforms ? photographs(options.transforms) : preparation
  return {
    ...(known ?? unprepared(name, input)),
    ...ANONYMOUS,
    net,
    model: name,
    origin: originOf(options),
    classes,
    file: { path: name, export: exportName, sha256 },
    form: { ...formOf(options), residual: options.residual ?? true }
  }
}

function moduleOf(made: unknown): Module {
  if (made instanceof Module) return made
  throw new ResnetError('expected a network: a Module, a class of one, or a function that returns one')
}

/** An unreadable file may have been meant as a name of published weights. */
function orPublished(error: unknown, entry: ModelEntry, weights: OpenNetworkOptions['weights']): unknown {
  // A name of published weights was understood, and only a download failed.
  const isKnown = publishedWeights(entry, weights) !== undefined
  if (!(error instanceof WeightsError) || typeof weights !== 'string' || isKnown) return error
  const advice = didYouMean(weights.split('.').at(-1) ?? '', Object.keys(entry.weights))
  return advice === '' ? error : new WeightsError(error.path, `${error.fault}${advice}`, { cause: error })
}

function publishedWeights(entry: ModelEntry, weights: OpenNetworkOptions['weights']): Weights | undefined {
  if (isPublished(weights)) return weights
  const name = typeof weights === 'string' ? (weights.split('.').at(-1) ?? '') : ''
  return Object.hasOwn(entry.weights, name) ? entry.weights[name] : undefined
}

/** Defaults of networks without a description. */
const ANONYMOUS = { classes: undefined, file: undefined, data: undefined } as const

/** torchvision's usual preparation, unless the options ask for another input. */
function preparedAs(
  model: string,
  usual: Partial<ImageClassificationOptions>,
  { transforms, input, inChannels = 3 }: OpenNetworkOptions
): Preparation | Unprepared {
  const side = usual.cropSize ?? PHOTOGRAPH
  if (transforms || (!input && inChannels === 3)) return photographs(transforms ?? usual)
  const shape = input ?? ['N' as const, inChannels, side, side]
  return usualFor(shape) ?? unprepared(model, shape)
}
