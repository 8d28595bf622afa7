// What a model's name stands for: a row of the registry, and after a dot timm's tag of pretrained weights (`resnet50.a1_in1k`).
// Published weights are torchvision's by their names, and timm's on the hub by their tags.
import { ResnetError } from '../base/errors.js'
import { didYouMean, nearestNames } from '../base/nearest-names.js'
import { findModel, MODELS, type ModelEntry } from '../models/registry.js'
import { splitTag } from '../models/timm-presets.js'
import type { TimmTag } from '../models/timm-tags.js'
import type { Weights } from '../models/weights.js'
import { isPublished } from './build-network.js'
import { isPath, type OpenNetworkOptions } from './opening.js'

export interface NamedModel {
  readonly model: string
  readonly entry: ModelEntry
  readonly tag: TimmTag | undefined
}

/**
 * @param onNote called with a sentence where the name is one that timm has given up.
 * @throws ResnetError naming the nearest models, or the model's tags.
 */
export async function namedModel(given: string, onNote?: (note: string) => void): Promise<NamedModel> {
  const name = await currentName(given, onNote)
  const [model, tag] = splitTag(name)
  // The name of a file should be shown whole.
  const isNear =
    Object.hasOwn(MODELS, model) || (model !== '' && nearestNames(model, Object.keys(MODELS)).length > 0)
  const entry = findModel(tag !== undefined && isNear ? model : name)
  if (tag === undefined) return { model, entry, tag: undefined }
  const { findTag } = await import('../models/timm-tags.js')
  return { model, entry, tag: findTag(model, tag) }
}

/** The model that a builder such as `resnet50` makes; undefined for any other network or function. */
export function modelBuiltBy(source: unknown): NamedModel | undefined {
  const [model, entry] = Object.entries(MODELS).find(([, { build }]) => build === source) ?? []
  return model !== undefined && entry ? { model, entry, tag: undefined } : undefined
}

/**
 * A name as it is, or what stands for a former one of timm's.
 * @throws ResnetError for the name of a network that timm has no more.
 */
export async function currentName(name: string, onNote?: (note: string) => void): Promise<string> {
  if (Object.hasOwn(MODELS, splitTag(name)[0])) return name
  const { formerName } = await import('../models/former-name.js')
  const current = formerName(name)
  if (current !== undefined) onNote?.(`${name} is a deprecated name of timm's: use ${current}`)
  return current ?? name
}

/** torchvision's, or the address of timm's. */
export type PublishedWeights = Weights | `hf:${string}`

/**
 * The published weights that are asked for: torchvision's, or the address of timm's; undefined for others.
 * @param remedy of the caller, for where there are none.
 * @throws ResnetError where there are none of this model.
 */
export async function publishedWeights(
  { model, entry, tag }: NamedModel,
  weights: OpenNetworkOptions['weights'],
  remedy = 'give a file with weights, or no weights for untrained ones'
): Promise<PublishedWeights | undefined> {
  if (isPublished(weights)) return weights
  if (typeof weights !== 'string' || isOther(weights)) return undefined
  if (tag && weights === 'DEFAULT') return addressOf(tag, remedy)
  const name = weights.split('.').at(-1) ?? ''
  if (Object.hasOwn(entry.weights, name)) return entry.weights[name]
  const { timmTags } = await import('../models/timm-tags.js')
  const known = timmTags(model)
  const found = known.find(each => weights === each.tag || weights === each.name)
  if (found) return addressOf(found, remedy)
  if (weights !== 'DEFAULT') return undefined
  const tagged = known.filter(({ repository }) => repository !== undefined).map(each => each.name)
  const others =
    tagged.length > 0 ? ` by that name; timm has ${tagged.join(', ')}: name one as the model, or` : ':'
  throw new ResnetError(`There are no published weights of ${model}${others} ${remedy}`)
}

/** An unreadable file may have been meant as a name of published weights: the names that are near. */
export async function adviceFor({ model, entry }: NamedModel, weights: string): Promise<string> {
  const { timmTags } = await import('../models/timm-tags.js')
  const tags = isOther(weights) ? [] : timmTags(model).map(({ tag }) => tag)
  return didYouMean(weights.split('.').at(-1) ?? '', [...Object.keys(entry.weights), ...tags])
}

/** Whether it is a file or an address. */
function isOther(weights: string): boolean {
  return weights.startsWith('hf:') || isPath(weights)
}

function addressOf({ name, repository }: TimmTag, remedy: string): `hf:${string}` {
  if (repository !== undefined) return `hf:${repository}`
  throw new ResnetError(`There are no published weights of ${name}, as timm has only the network: ${remedy}`)
}
