// Builds a network with weights, adapted where necessary.
import { counted } from '../base/figures.js'
import { isA } from '../base/kinds.js'
import { naming, ResnetError } from '../base/errors.js'
import { hasNamesOf, isBackboneOf, loadInto, stemWeight } from '../models/load-into.js'
import type { Weights } from '../models/weights.js'
import { Module } from '../nn/module/module.js'
import { StateDictError } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import { WeightsError } from '../weights/bytes.js'
import { caffeInName } from '../weights/dialects/caffe.js'
import { fetchWeights } from '../weights/download.js'
import { repositoryOf } from '../weights/hub/repository.js'
import { readFileWithMetadata } from '../weights/read-weights.js'
import { fileName } from '#platform'
import { descriptionIn, type CheckpointNetwork, type NetworkForm } from './checkpoint.js'
import type { GivenWeights } from './given-weights.js'
import { misfit } from './misfit.js'
import { CheckpointError } from './network-error.js'
import { networkTensors } from './network-tensors.js'
import type { OpenNetworkOptions } from './opening.js'

/** Some of the options, without those that are undefined. */
export function pick<T extends object, K extends keyof T>(
  options: T,
  ...names: readonly K[]
): { readonly [P in K]?: Exclude<T[P], undefined> } {
  const given = names.map(name => [name, options[name]] as const).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [P in K]?: Exclude<T[P], undefined> }
}

export async function given(options: OpenNetworkOptions): Promise<GivenWeights | undefined> {
  const { weights, entry, onProgress, onNote } = options
  if (weights === undefined) return undefined
  if (isA<StateDict>(Map, weights)) return { path: 'the state dict', tensors: weights }
  const repository = isPublished(weights) ? undefined : repositoryOf(weights)
  if (repository !== undefined) {
    const { hubWeights } = await import('./open-hub.js')
    return hubWeights(repository, options, true)
  }
  const file = isPublished(weights)
    ? await fetchWeights(weights.url, { sha256Prefix: weights.sha256Prefix, onProgress })
    : weights
  const path = fileName(file)
  let said: Readonly<Record<string, string>> = {}
  const describe = (texts: ReadonlyMap<string, string>): CheckpointNetwork | undefined => {
    said = Object.fromEntries(texts)
    try {
      return descriptionIn(path, texts)?.network
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
      onNote?.(`${error.message}; only its weights are used`)
      return undefined
    }
  }
  const {
    tensors,
    metadata: network,
    contents
  } = await readFileWithMetadata(file, describe, {
    ...(entry !== undefined && { entry }),
    onNote: note => onNote?.(`${path}: ${note}`)
  })
  const { metadata: own = said, caffe = caffeInName(path) } = contents ?? {}
  const beside = network ? undefined : await (await import('./beside-weights.js')).besideWeights(file)
  const architecture = own.architecture ?? beside?.architecture
  const metadata = architecture === undefined ? own : { ...own, architecture }
  // A run's last checkpoint also contains the optimiser's state.
  return {
    path,
    tensors: networkTensors(tensors),
    network,
    metadata,
    beside: beside?.network,
    caffe: network ? undefined : caffe
  }
}

interface Built {
  readonly net: Module
  /** Whether its weights are a backbone's, so that its classifier is untrained. */
  readonly isHeadless: boolean
}

/** Builds a network, loads weights, and replaces its head if requested. */
export async function built(
  build: (form?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  weights: GivenWeights | undefined,
  { numClasses, newHead = false, ...options }: OpenNetworkOptions
): Promise<Built> {
  const inChannels = options.inChannels ?? weights?.network?.options.inChannels
  const isTuned = newHead && weights !== undefined
  const form = pick({ numClasses: isTuned ? undefined : numClasses, inChannels }, 'numClasses', 'inChannels')
  const net = build(form)
  const isHeadless = weights !== undefined && (await load(net, weights, form, options))
  return {
    net: isTuned && numClasses !== undefined ? withOutputs(net, numClasses) : net,
    isHeadless
  }
}

/** @returns whether they were a backbone's. */
async function load(
  net: Module,
  { path, tensors }: GivenWeights,
  form: { readonly numClasses?: number; readonly inChannels?: number },
  { dialect, assume, onNote }: OpenNetworkOptions
): Promise<boolean> {
  const say = (note: string): void => onNote?.(`${path}: ${note}`)
  let own = tensors
  try {
    if (dialect !== undefined || !hasNamesOf(net, tensors)) {
      // Loaded for weights under other names alone.
      const { fitWeights } = await import('../models/fit-weights.js')
      const { stateDict, note } = await naming(path, WeightsError, () =>
        fitWeights(net, tensors, dialect, assume)
      )
      own = stateDict
      if (note !== undefined) say(note)
    }
    const { pixels } = assume ?? {}
    if (pixels !== undefined) {
      const { forUsualPixels } = await import('../models/pixels.js')
      own = await naming(path, WeightsError, () => forUsualPixels(own, stemWeight(net), pixels))
    }
    loadInto(net, own, form, say)
    return isBackboneOf(net, own)
  } catch (error) {
    throw error instanceof StateDictError ? await misfit(path, error, own, tensors) : error
  }
}

/** The number of outputs, by the last parameter. */
export function outputsOf(net: Module): number | undefined {
  return [...net.namedParameters()].at(-1)?.[1].shape[0]
}

type Classifying = Module & { resetClassifier?(numClasses: number): unknown }

function withOutputs(net: Classifying, numClasses: number): Module {
  if (outputsOf(net) === numClasses) return net
  if (!net.resetClassifier) {
    throw new ResnetError(
      `${net.typeName} has no resetClassifier to give it ${counted(numClasses, 'output', 'outputs')}`
    )
  }
  net.resetClassifier(numClasses)
  return net
}

export function isPublished(weights: OpenNetworkOptions['weights']): weights is Weights {
  return typeof weights === 'object' && 'sha256Prefix' in weights
}

export function originOf({ weights, seed }: OpenNetworkOptions): string {
  if (isA<StateDict>(Map, weights)) return 'a state dict'
  if (isPublished(weights)) return weights.name
  if (weights !== undefined) return weights === 'DEFAULT' ? 'published weights' : fileName(weights)
  return seed === undefined ? 'untrained weights' : `untrained weights of seed ${seed}`
}

export function formOf({ numClasses, inChannels }: OpenNetworkOptions): Partial<NetworkForm> {
  const isOfPictures = inChannels === 1 || inChannels === 3
  return { ...pick({ numClasses }, 'numClasses'), ...(isOfPictures && { inChannels }) }
}

/** The network that an export or an argument stands for: itself, an instance of a class, or the result of a function. */
export function make(exported: unknown, options: OpenNetworkOptions): unknown {
  if (exported instanceof Module || typeof exported !== 'function') return exported
  const form = pick(options, 'numClasses', 'inChannels')
  const args = Object.keys(form).length === 0 ? [] : [form]
  if (exported.prototype instanceof Module) return Reflect.construct(exported, args) as unknown
  // A class of something else cannot be called, and is no network.
  if (/^class\b/.test(Function.prototype.toString.call(exported))) return exported
  return Reflect.apply(exported, undefined, args) as unknown
}
