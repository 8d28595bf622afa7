// Builds a network with weights, adapted where necessary.
import { ResnetError } from '../base/errors.js'
import { buildFor } from '../models/build-for.js'
import type { Weights } from '../models/weights.js'
import { Module } from '../nn/module.js'
import { StateDictError } from '../nn/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import { fetchWeights } from '../weights/download.js'
import { readWeights } from '../weights/read-weights.js'
import { fileName } from '#platform'
import type { NetworkForm } from './checkpoint.js'
import { misfit } from './network-error.js'
import { networkTensors } from './network-tensors.js'
import type { OpenNetworkOptions } from './opened-network.js'

/** Weights, and their source for messages. */
export interface GivenWeights {
  readonly path: string
  readonly tensors: StateDict
}

/** The requested weights. */
export async function given(
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
  // A run's last checkpoint also contains the optimiser's state.
  return { path: fileName(file), tensors: networkTensors(await readWeights(file)) }
}

/** Builds a network, loads weights, and replaces its head if requested. */
export async function built(
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

/** Whether weights are a registry entry. */
export function isPublished(weights: OpenNetworkOptions['weights']): weights is Weights {
  return typeof weights === 'object' && 'sha256Prefix' in weights
}

/** The weights' source in words. */
export function originOf({ weights, seed }: OpenNetworkOptions): string {
  if (weights instanceof Map) return 'a state dict'
  if (isPublished(weights)) return weights.name
  if (weights !== undefined) return weights === 'DEFAULT' ? 'published weights' : fileName(weights)
  return seed === undefined ? 'untrained weights' : `untrained weights of seed ${seed}`
}

/** The requested channels and classes. */
export function formOf({ numClasses, inChannels }: OpenNetworkOptions): Partial<NetworkForm> {
  return {
    ...(numClasses === undefined ? {} : { numClasses }),
    ...(inChannels === 1 || inChannels === 3 ? { inChannels } : {})
  }
}

/** The network that an export or an argument stands for: itself, an instance of a class, or the result of a function. */
export function make(
  exported: unknown,
  { numClasses, inChannels }: Pick<OpenNetworkOptions, 'numClasses' | 'inChannels'>
): unknown {
  if (exported instanceof Module || typeof exported !== 'function') return exported
  const form = {
    ...(numClasses === undefined ? {} : { numClasses }),
    ...(inChannels === undefined ? {} : { inChannels })
  }
  const args = Object.keys(form).length === 0 ? [] : [form]
  if (exported.prototype instanceof Module) return Reflect.construct(exported, args) as unknown
  // A class of something else cannot be called, and is no network.
  if (/^class\b/.test(Function.prototype.toString.call(exported))) return exported
  return Reflect.apply(exported, undefined, args) as unknown
}
