// The network a command is about: MODEL by its name, or what `resnet train` wrote.
import { Option } from 'commander'
import type { Module } from '../nn/module.js'

/** What MODEL may be where `--checkpoint` may stand for it. */
export const MODEL_ARGUMENT = 'a name that `resnet list` shows; left out with --checkpoint'

export const checkpointOption = (): Option =>
  new Option(
    '--checkpoint <file>',
    "what `resnet train` wrote, instead of MODEL; 'digits' for the network that ships"
  ).conflicts(['weights', 'seed', 'numClasses'])

/** A network, and what goes into it. */
export interface OpenedNetwork {
  readonly name: string
  readonly net: Module
  /** Of one input: (C, H, W). */
  readonly shape: readonly number[]
}

/**
 * Opens a checkpoint, or builds the model where there is none.
 * @throws ResnetError when both or neither are given, there is no such model, or the checkpoint cannot be read.
 */
export async function openNetwork(
  model: string | undefined,
  checkpoint: string | undefined,
  build: (model: string) => Module | Promise<Module>
): Promise<OpenedNetwork> {
  const { ResnetError } = await import('../base/errors.js')
  if (checkpoint !== undefined) {
    if (model !== undefined) {
      throw new ResnetError(`--checkpoint ${checkpoint} says which model it is of: leave out '${model}'`)
    }
    const { openCheckpoint } = await import('../networks/checkpoint-classifier.js')
    const { checkpointPath } = await import('./training/checkpoint-path.js')
    const { net, network, shape } = await openCheckpoint(checkpointPath(checkpoint))
    return { name: network.model, net, shape }
  }
  if (model === undefined) {
    throw new ResnetError('Which network? Name a model that `resnet list` shows, or give --checkpoint')
  }
  const { findModel } = await import('../models/registry.js')
  const { inputSize } = findModel(model)
  return { name: model, net: await build(model), shape: [3, inputSize, inputSize] }
}
