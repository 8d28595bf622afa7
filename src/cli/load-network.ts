// The network a command works on: a model's name and where its weights come from.
import { buildFor } from '../models/build-for.js'
import { findModel, type ModelEntry, type ModelOptions } from '../models/registry.js'
import type { Weights } from '../models/weights.js'
import type { Module } from '../nn/module.js'
import { StateDictError } from '../nn/state-dict.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import { manualSeed } from '../tensor/random/random.js'
import { fetchWeights } from '../weights/download.js'
import { networkTensors } from '../train/checkpoint.js'
import { readWeights } from '../weights/read-weights.js'
import { WeightsError } from '../weights/weights-error.js'
import { say } from './moving-line.js'

/** What the options of a command say about its network. */
export interface NetworkOptions {
  readonly weights?: string
  readonly seed?: number
  readonly numClasses?: number
}

/**
 * Builds a model with the weights it is given: a file's, published ones, or a seed's. What was done to make them fit is
 * said on stderr.
 * @param form how the network differs from the model's usual one; weights for other channels are adapted.
 * @throws ResnetError when there is no such model, or the weights cannot be had or do not fit.
 */
export async function loadNetwork(
  model: string,
  { weights, seed, numClasses }: NetworkOptions,
  form: Omit<ModelOptions, 'numClasses'> = {}
): Promise<Module> {
  const entry = findModel(model)
  const build: typeof entry.build = options => entry.build({ ...form, ...options })
  const { inChannels } = form
  if (seed !== undefined) {
    manualSeed(seed)
    return buildFor(build, undefined, { numClasses, inChannels })
  }
  const file = await locateWeights(model, entry, weights)
  const tensors = await readWeights(file).catch((error: unknown) => {
    throw error instanceof WeightsError ? orPublished(error, entry, weights) : error
  })
  const onNote = (note: string): void => say(`${file}: ${note}`)
  try {
    // A run's last checkpoint holds what its optimiser remembers, too.
    return buildFor(build, networkTensors(tensors), { numClasses, inChannels, onNote })
  } catch (error) {
    if (!(error instanceof StateDictError)) throw error
    throw new WeightsError(file, error.message, { cause: error })
  }
}

/** A file that cannot be read may have been meant as the name of published weights. */
function orPublished(error: WeightsError, entry: ModelEntry, name = ''): WeightsError {
  const advice = didYouMean(name.split('.').at(-1) ?? '', Object.keys(entry.weights))
  return advice === '' ? error : new WeightsError(error.path, `${error.fault}${advice}`, { cause: error })
}

/** The preset options of published weights named on the command line; a file's are the usual ones. */
export function publishedWeights(entry: ModelEntry, name: string | undefined): Weights | undefined {
  return entry.weights[name?.split('.').at(-1) ?? 'DEFAULT']
}

async function locateWeights(model: string, entry: ModelEntry, weights: string | undefined): Promise<string> {
  const published = publishedWeights(entry, weights)
  if (!published) return weights ?? missing(model)
  try {
    return await fetchWeights(published.url, { sha256Prefix: published.sha256Prefix })
  } catch (error) {
    if (!(error instanceof ResnetError)) throw error
    throw new ResnetError(`${error.message}; give a file with --weights, or --seed 0 for untrained weights`, {
      cause: error
    })
  }
}

function missing(model: string): never {
  throw new ResnetError(`There are no published weights of ${model}: give a file with --weights`)
}
