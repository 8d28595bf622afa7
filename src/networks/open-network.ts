// Opens networks from any source; the command line, classifiers and the explorer use it.
import { counted } from '../base/figures.js'
import { isA, isBlob, isBytes } from '../base/kinds.js'
import { ResnetError } from '../base/errors.js'
import { checkArguments, checkOptions } from '../base/options.js'
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'
import type { Shape } from '../ir/shape.js'
import { areLookalikes, areOneModel, lookalikeIn } from '../models/lookalikes.js'
import { findModel, readOptions } from '../models/registry.js'
import { imageSizeOf, PHOTOGRAPH, usualInput } from '../nn/layers/probe-body.js'
import { Module } from '../nn/module/module.js'
import { manualSeed } from '../tensor/random/random.js'
import { WeightsError } from '../weights/bytes.js'
import { isHubAddress } from '../weights/hub/address.js'
import { repositoryOf } from '../weights/hub/repository.js'
import { fileName } from '#platform'
import { built, formOf, given, isPublished, make, originOf, outputsOf, pick } from './build-network.js'
import { NetworkError } from './network-error.js'
import { DIGITS_CHECKPOINT, type NetworkForm } from './checkpoint.js'
import type { GivenWeights } from './given-weights.js'
import {
  adviceFor,
  modelBuiltBy,
  namedModel,
  publishedWeights,
  type NamedModel,
  type PublishedWeights
} from './named-model.js'
import { openCheckpoint } from './open-checkpoint.js'
import {
  ASSUMPTIONS,
  BUNDLED,
  isPath,
  isScript,
  OPENING,
  type NetworkBuilder,
  type NetworkSource,
  type OpenedNetwork,
  type OpenNetworkOptions
} from './opening.js'
import { toldModel } from './told-model.js'
import { preparedAs, unprepared, usualFor, type Preparation } from './prepare.js'

const SOURCE = {
  expected: "a model's name, a checkpoint, a JavaScript file, a network, or what builds one",
  accepts: (value: unknown) =>
    ['string', 'function'].includes(typeof value) ||
    value instanceof Module ||
    isA(URL, value) ||
    isBlob(value) ||
    isBytes(value)
}

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
  checkArguments('openNetwork', { source }, { source: SOURCE })
  if (options.assume) checkOptions('openNetwork: assume', options.assume, ASSUMPTIONS)
  if (source === BUNDLED) {
    return openCheckpoint(DIGITS_CHECKPOINT, options, BUNDLED)
  }
  if (source instanceof Module || typeof source === 'function') return ofProgram(source, options)
  // The name of a model is no folder's.
  const repository = isHubAddress(source) || isPath(source) ? repositoryOf(source) : undefined
  if (repository !== undefined) return ofRepository(repository, options)
  if (isScript(source)) return ofFile(source, options)
  if (options.export !== undefined && options.file === undefined) {
    throw new ResnetError('export: chooses from a JavaScript file, such as ./my-net.mjs')
  }
  return typeof source !== 'string' || isPath(source)
    ? openCheckpoint(source, options, undefined, model => ofModel(model, { ...options, weights: source }))
    : ofModel(source, options)
}

async function ofModel(name: string, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  const named = await namedModel(name, options.onNote)
  const { model, entry, tag } = named
  const shortcuts = pick(options, 'residual', 'skip', 'gateBias')
  readOptions(shortcuts)
  const { published, weights } = await givenTo(named, options)
  if (options.seed !== undefined) manualSeed(options.seed)
  if (weights) {
    await assertNoLookalike(model, weights, options)
    await assertNotCaffe(weights, options)
  }
  const known = arithmeticOf(model, weights, options)
  const fixed = readOptions({ ...shortcuts, ...known })
  // Weights say themselves how many classes they have.
  const asked =
    tag && !weights && tag.numClasses > 0
      ? { ...options, numClasses: options.numClasses ?? tag.numClasses }
      : options
  const settled = { ...asked, assume: { ...asked.assume, ...known.arithmetic } }
  const { net, isHeadless } = await built(form => entry.build({ ...fixed, ...form }), weights, settled)
  const usual = isPublished(published) ? published.transforms : (tag?.[sizeOf(options)] ?? usualSize(net))
  const own = weights && ofItself(model, weights, options)
  const opened = await described(net, model, usual, own, asked)
  return {
    ...opened,
    isHeadless: isHeadless || (!weights && tag?.numClasses === 0 && options.numClasses === undefined),
    ...(typeof published === 'string' && { origin: published }),
    form: { ...opened.form, ...shortcuts, ...known }
  }
}

/** Weights of a model, for which the names of its published ones stand, too. */
async function givenTo(
  named: NamedModel,
  options: OpenNetworkOptions
): Promise<{ published: PublishedWeights | undefined; weights: GivenWeights | undefined }> {
  const published = await publishedWeights(named, options.weights)
  const weights = await given({ ...options, weights: published ?? options.weights }).catch(
    async (error: unknown) => {
      // A name of published weights was understood, and only a download failed.
      throw published ? error : await orPublished(error, named, options.weights)
    }
  )
  return { published, weights }
}

function sizeOf({ testSize = false }: OpenNetworkOptions): 'test' | 'train' {
  return testSize ? 'test' : 'train'
}

/** Weights that loaded, without what they say of another network than the one that was asked for, such as its classes. */
function ofItself(model: string, weights: GivenWeights, { onNote }: OpenNetworkOptions): GivenWeights {
  const told = weights.network?.model
  if (told === undefined || areOneModel(told, model)) return weights
  onNote?.(`${weights.path}: says of itself that it is ${told}'s, not ${model}'s: only its weights are used`)
  return { ...weights, network: undefined }
}

/** What a network computes that its weights cannot tell: as the caller says, else as the weights' description does. */
function arithmeticOf(
  model: string,
  weights: GivenWeights | undefined,
  { assume, onNote }: OpenNetworkOptions
): Pick<NetworkForm, 'arithmetic'> {
  const { network, beside } = weights ?? {}
  const isOwn = network !== undefined && areOneModel(network.model, model)
  const isBeside = !network && beside !== undefined && areOneModel(beside.model, model)
  const told = (isOwn ? network.options.arithmetic : isBeside ? beside.arithmetic : undefined) ?? {}
  const given = pick(assume ?? {}, 'strideIn1x1', 'eps', 'replaceStrideWithDilation', 'activatesShortcut')
  const words = Object.entries(told).flatMap(([name, value]) =>
    value === undefined || isUsual(name, value) || name in given ? [] : [`${name}: ${JSON.stringify(value)}`]
  )
  if (words.length > 0) onNote?.(`${weights?.path}: says that its network has ${words.join(', ')}`)
  const arithmetic = { ...told, ...given }
  return Object.keys(arithmetic).length > 0 ? { arithmetic } : {}
}

function isUsual(name: string, value: unknown): boolean {
  return name === 'strideIn1x1' && value === false
}

/**
 * Weights of another model with the same names and shapes would load, and compute something else.
 * @throws NetworkError where the file's name or its description says that they are.
 */
async function assertNoLookalike(
  model: string,
  { path, network, metadata }: GivenWeights,
  { dialect }: OpenNetworkOptions
): Promise<void> {
  const told = network?.model ?? (await toldModel(metadata))?.model ?? lookalikeIn(path, model)
  // Whoever names whose names they are knows what they are.
  if (told === undefined || dialect !== undefined || !areLookalikes(told, model)) return
  const fault = `these are ${told}'s weights, by what it says of itself: they would load into ${model}, which computes something else`
  throw new NetworkError(path, fault, {}, told)
}

/**
 * Weights of Caffe's have the names and shapes of others, too.
 * @throws NetworkError where the file says that they are, and no option what they are.
 */
async function assertNotCaffe(weights: GivenWeights, { dialect, assume }: OpenNetworkOptions): Promise<void> {
  if (weights.caffe === undefined || dialect !== undefined) return
  const { assertToldApart } = await import('./caffe-weights.js')
  assertToldApart(weights.path, weights.caffe, assume)
}

/** A network that its repository describes. */
async function ofRepository(source: string, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  if (options.weights !== undefined) throw new WeightsError(source, 'has weights of its own: give no others')
  const { hubWeights } = await import('./open-hub.js')
  const weights = await hubWeights(source, options, false)
  const model = weights.network?.model ?? ''
  const shortcuts = pick(options, 'residual', 'skip', 'gateBias')
  const build = findModel(model).build
  const known = arithmeticOf(model, weights, options)
  const fixed = readOptions({ ...shortcuts, ...known })
  const settled = { ...options, assume: { ...options.assume, ...known.arithmetic } }
  const { net, isHeadless } = await built(form => build({ ...fixed, ...form }), weights, settled)
  const opened = await described(net, model, {}, weights, options)
  return { ...opened, isHeadless, origin: source, form: { ...opened.form, ...shortcuts, ...known } }
}

async function ofProgram(
  source: Module | NetworkBuilder,
  options: OpenNetworkOptions
): Promise<OpenedNetwork> {
  assertUnbuilt(source, options)
  const { numClasses, newHead, weights: asked } = options
  const keeps = source instanceof Module && !(newHead && asked !== undefined)
  if (keeps && numClasses !== undefined && outputsOf(source) !== numClasses) {
    const fault = `numClasses: ${source.typeName} is built already, not with ${counted(numClasses, 'output', 'outputs')}`
    throw new ResnetError(`${fault}; give its constructor, or change it by resetClassifier(${numClasses})`)
  }
  const named = modelBuiltBy(source)
  const { published = asked, weights } = named
    ? await givenTo(named, options)
    : { weights: await given(options) }
  if (weights) {
    if (named) await assertNoLookalike(named.model, weights, options)
    await assertNotCaffe(weights, options)
  }
  if (options.seed !== undefined) manualSeed(options.seed)
  const { net, isHeadless } = await built(form => moduleOf(make(source, form ?? {})), weights, options)
  const usual = isPublished(published) ? published.transforms : usualSize(net)
  // A network at hand takes what its first layer takes.
  const inChannels = options.inChannels ?? (usualInput(net)[1] === 1 ? 1 : undefined)
  const opened = await described(net, net.typeName, usual, weights, { ...options, inChannels })
  return { ...opened, isHeadless, ...(isHubAddress(published) && { origin: published }) }
}

/** What only a model's name or a file can be asked for. @throws ResnetError naming the option and what does it. */
function assertUnbuilt(source: Module | NetworkBuilder, options: OpenNetworkOptions): void {
  const name = source instanceof Module ? source.typeName : source.name
  const made = `${name === '' ? 'the network' : name} is given as ${source instanceof Module ? 'it is built' : 'what builds it'}`
  const remedies = {
    residual: 'give plainTwin of the network',
    skip: "build it with that option, or give the model's name",
    gateBias: "build it with that option, or give the model's name",
    export: 'leave it out',
    file: 'leave it out'
  }
  for (const [option, remedy] of Object.entries(remedies)) {
    if (options[option as keyof typeof remedies] === undefined) continue
    throw new ResnetError(`${option}: ${made}; ${remedy}`)
  }
  assertOnlyPixels(options, `${made}; build it with that option`)
}

/** Pixels are those of the weights, all else is the network's. */
function assertOnlyPixels({ assume = {} }: OpenNetworkOptions, why: string): void {
  const { pixels: _, ...rest } = assume
  const [option] = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (option !== undefined) throw new ResnetError(`assume: ${option}: ${why}`)
}

/** Networks for small images see all of them. */
function usualSize(net: Module): Partial<ImageClassificationOptions> {
  const side = imageSizeOf(net)
  return side === PHOTOGRAPH ? {} : { cropSize: side, resizeSize: side }
}

async function ofFile(path: string | URL, options: OpenNetworkOptions): Promise<OpenedNetwork> {
  const name = fileName(path)
  for (const option of ['skip', 'gateBias'] as const) {
    if (options[option] !== undefined) {
      throw new ResnetError(`${option}: ${name} defines its shortcuts itself`)
    }
  }
  assertOnlyPixels(options, `${name} defines what its network computes itself`)
  const weights = await given(options)
  if (options.seed !== undefined) manualSeed(options.seed)
  // The last layer is replaced later, so the network is built for the weights' classes.
  const trained = weights?.network?.options
  const asked = options.newHead && weights ? undefined : options.numClasses
  const form = {
    numClasses: asked ?? trained?.numClasses,
    inChannels: options.inChannels ?? trained?.inChannels
  }
  // Loaded here alone: a page has no files of JavaScript to open.
  const { openFile } = await import('./open-file.js')
  const opened = await openFile(path, { ...options, ...form })
  const { net, file, input, classes, preparation } = opened
  const { isHeadless } = await built(() => net, weights, options)
  const known = options.transforms ? await preparedAs(options.transforms, input) : preparation
  return {
    ...(known ?? unprepared(name, input)),
    ...ANONYMOUS,
    net,
    isHeadless,
    model: name,
    origin: originOf(options),
    classes,
    ...(await learned(weights, options, input)),
    licence: weights?.licence,
    file,
    form: { ...formOf(options), residual: options.residual ?? true }
  }
}

function moduleOf(made: unknown): Module {
  if (made instanceof Module) return made
  throw new ResnetError('expected a network: a Module, a class of one, or a function that returns one')
}

async function orPublished(
  error: unknown,
  named: NamedModel,
  weights: OpenNetworkOptions['weights']
): Promise<unknown> {
  if (!(error instanceof WeightsError) || typeof weights !== 'string') return error
  const advice = await adviceFor(named, weights)
  return advice === '' ? error : new WeightsError(error.path, `${error.fault}${advice}`, { cause: error })
}

/** What weights from a checkpoint bring along: classes, preparation, and what they were trained on. */
async function learned(
  weights: GivenWeights | undefined,
  { transforms, input, inChannels, newHead, numClasses }: OpenNetworkOptions,
  [, , ...size]: Shape = []
): Promise<Partial<Preparation & Pick<OpenedNetwork, 'classes' | 'multiLabel' | 'data'>>> {
  const { network } = weights ?? {}
  if (!network || (newHead && numClasses !== network.options.numClasses)) return {}
  const { classes, multiLabel, data, options } = network
  // Options of the caller come first.
  const isPrepared = !transforms && !input && (inChannels ?? options.inChannels) === options.inChannels
  const usual = size.length === 2 ? (['N', options.inChannels, ...size] as const) : undefined
  return { classes, multiLabel, data, ...(isPrepared && (await preparedAs(network.transforms, usual))) }
}

/** Defaults of networks without a description. */
const ANONYMOUS = {
  isHeadless: false,
  licence: undefined,
  classes: undefined,
  multiLabel: undefined,
  file: undefined,
  data: undefined
} as const

/** A network prepared as usual, unless the options or its weights' checkpoint say otherwise. */
async function described(
  net: Module,
  model: string,
  usual: Partial<ImageClassificationOptions>,
  weights: GivenWeights | undefined,
  options: OpenNetworkOptions
): Promise<OpenedNetwork> {
  const { transforms, input, inChannels = 3 } = options
  const side = usual.cropSize ?? PHOTOGRAPH
  const shape = input ?? ['N' as const, inChannels, side, side]
  const isUsual = transforms !== undefined || (!input && inChannels === 3)
  const preparation = isUsual ? await preparedAs(transforms ?? usual, shape) : usualFor(shape)
  return {
    ...(preparation ?? unprepared(model, shape)),
    ...ANONYMOUS,
    ...(await learned(weights, options, shape)),
    licence: weights?.licence,
    net,
    model,
    origin: originOf(options),
    form: formOf(options)
  }
}
