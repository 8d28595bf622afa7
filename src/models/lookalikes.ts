// Models whose state dicts are alike though they compute different things: `resnetblur50` has resnet50's names and shapes.
import { MODELS, type ModelEntry } from './registry.js'

function likenessOf(model: string): string {
  return entryOf(model)?.looksLike ?? model
}

function entryOf(model: string): ModelEntry | undefined {
  return Object.entries<ModelEntry>(MODELS).find(([name]) => name === model)?.[1]
}

/** Whether two names are one model's. */
export function areOneModel(a: string, b: string): boolean {
  return ownName(a) === ownName(b)
}

function ownName(model: string): string {
  return entryOf(model)?.aliasOf ?? model
}

/** Whether the weights of one model would load into the other. */
export function areLookalikes(a: string, b: string): boolean {
  return a !== b && likenessOf(a) === likenessOf(b)
}

/** The lookalike of a model that a file is named after: of `resnet50`, in `resnetblur50.bt_in1k.safetensors`. */
export function lookalikeIn(path: string, model: string): string | undefined {
  const words = (path.split(/[\\/]/).at(-1) ?? '').toLowerCase().split(/[^a-z0-9_]+/)
  return Object.keys(MODELS).find(name => words.includes(name) && areLookalikes(name, model))
}
