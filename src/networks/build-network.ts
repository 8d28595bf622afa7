// Builds a network with weights, adapted where necessary.
import { isA } from '../base/kinds.js'
import { ResnetError } from '../base/errors.js'
import { buildFor } from '../models/build-for.js'
import type { Weights } from '../models/weights.js'
import { Module } from '../nn/module/module.js'
import { StateDictError } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import { fetchWeights } from '../weights/download.js'
import { readWithMetadata } from '../weights/read-weights.js'
import { fileName, isFolder } from '#platform'
import { descriptionIn, type CheckpointNetwork, type NetworkForm } from './checkpoint.js'
import type { GivenWeights } from './given-weights.js'
import { CheckpointError, misfit } from './network-error.js'
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

/** Whether a source is an address on the hub, or a folder that was downloaded from it. */
export function isRepository(source: unknown): source is string {
  return typeof source === 'string' && (source.startsWith('hf:') || isFolder(source))
}

export async function given(options: OpenNetworkOptions): Promise<GivenWeights | undefined> {
  const { weights, entry, onProgress, onNote } = options
  if (weights === undefined) return undefined
  if (isA<StateDict>(Map, weights)) return { path: 'the state dict', tensors: weights }
  if (!isPublished(weights) && isRepository(weights)) {
    const { hubWeights } = await import('./open-hub.js')
    return hubWeights(weights, options, true)
  }
  const file = isPublished(weights)
    ? await fetchWeights(weights.url, { sha256Prefix: weights.sha256Prefix, onProgress })
    : weights
  const path = fileName(file)
  const describe = (texts: ReadonlyMap<string, string>): CheckpointNetwork | undefined => {
    try {
      return descriptionIn(path, texts)?.network
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
      onNote?.(`${error.message}; only its weights are used`)
      return undefined
    }
  }
  const { tensors, metadata: network } = await readWithMetadata(file, describe, {
    ...(entry !== undefined && { entry }),
    onNote: note => onNote?.(`${path}: ${note}`)
  })
  // A run's last checkpoint also contains the optimiser's state.
  return { path, tensors: networkTensors(tensors), network }
}

/** Builds a network, loads weights, and replaces its head if requested. */
export async function built(
  build: (form?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  weights: GivenWeights | undefined,
  { numClasses, newHead = false, onNote, ...options }: OpenNetworkOptions
): Promise<Module> {
  const inChannels = options.inChannels ?? weights?.network?.options.inChannels
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

/** The number of outputs, by the last parameter. */
export function outputsOf(net: Module): number | undefined {
  return [...net.namedParameters()].at(-1)?.[1].shape[0]
}

type Classifying = Module & { resetClassifier?(numClasses: number): unknown }

function withOutputs(net: Classifying, numClasses: number): Module {
  if (outputsOf(net) === numClasses) return net
  if (!net.resetClassifier) {
    throw new ResnetError(`${net.typeName} has no resetClassifier to give it ${numClasses} outputs`)
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
