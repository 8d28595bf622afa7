// The network of a training run: new, or from weights that somebody trained for other classes.
import { findModel, readOptions } from '../../models/registry.js'
import type { Module } from '../../nn/module.js'
import { ResnetError } from '../../base/errors.js'
import { manualSeed } from '../../tensor/random/random.js'
import type { CheckpointNetwork } from '../../train/checkpoint.js'
import { loadNetwork } from '../load-network.js'

/** What a network is built from. */
export interface NetworkRecipe extends Pick<CheckpointNetwork, 'model' | 'options'> {
  /** A file or the name of published weights to start from; without, the seed's. */
  readonly weights?: string | undefined
  readonly seed: number
}

interface Headed extends Module {
  resetClassifier(numClasses: number): unknown
}

/**
 * Builds a network to train. Weights that were trained for other classes keep all but their last layer.
 * @throws ResnetError when there is no such model, or the weights do not fit.
 */
export async function buildNetwork({ model, options, weights, seed }: NetworkRecipe): Promise<Module> {
  const { build } = findModel(model)
  manualSeed(seed)
  const all = readOptions(options)
  if (weights === undefined) return build(all)
  const { numClasses: _, ...form } = all
  const net = await loadNetwork(model, { weights }, form)
  if (outputsOf(net) === options.numClasses) return net
  if (!hasHead(net)) throw new ResnetError(`${model} has no classifier to replace`)
  net.resetClassifier(options.numClasses)
  return net
}

function hasHead(net: Module): net is Headed {
  return 'resetClassifier' in net
}

function outputsOf(net: Module): number | undefined {
  const last = [...net.namedParameters()].at(-1)?.[1]
  return last?.shape[0]
}
