import { aStateDict } from '../tensor/state-dict.js'
import { checkArguments } from '../base/options.js'
import { matchStateDict } from '../nn/module/state-dict.js'
import { namedHolders } from '../nn/module/module.js'
import { drawingApart } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formatShape } from '../tensor/tensor.js'
import { translations } from '../weights/dialects/translate.js'
import { hasHead } from './head.js'
import { formOf } from './load-into.js'
import { MODELS, type ModelEntry, type ModelName } from './registry.js'

/**
 * Names of the models that a state dict fits, in the registry's order, for its own numbers of classes and channels, also under other
 * projects' names or without a classifier; may be empty. A model that only looks like another by its state dict is left out: such
 * weights may be either's (`MODELS[name].looksLike`).
 * @example
 * modelsFitting(resnet18({ numClasses: 10 }).stateDict()) // ['resnet18']
 */
export function modelsFitting(stateDict: StateDict): ModelName[] {
  checkArguments('modelsFitting', { stateDict }, { stateDict: aStateDict })
  const [translation] = translations(stateDict)
  return modelsKnown(stateDict, translation?.stateDict)
}

/** The models that weights fit: under their own names, as of timm's resnetv2, and under ours. */
export function modelsKnown(given: StateDict, translated: StateDict = given): ModelName[] {
  const named = modelsNamed(translated)
  return translated === given ? named : [...new Set([...named, ...modelsNamed(given)])]
}

/** The models that weights under our names fit. */
function modelsNamed(stateDict: StateDict): ModelName[] {
  const blocks = blocksOf(stateDict)
  // These networks are discarded, so they must not advance the random generator.
  return drawingApart(() => {
    const fitting = Object.entries<ModelEntry>(MODELS).filter(([name, entry]) => {
      const { build, layers, aliasOf, looksLike } = entry
      // Building a network takes long enough to build only those of the right depth.
      const isOther = layers !== undefined && layers.join() !== blocks.join()
      return !isOther && aliasOf === undefined && looksLike === undefined && fits(name, build, stateDict)
    })
    return fitting.map(([name]) => name as ModelName)
  })
}

/** Blocks per stage, by torchvision's names, or by those of timm's resnetv2. */
function blocksOf(stateDict: StateDict): number[] {
  const stages: Set<string>[] = [1, 2, 3, 4].map(() => new Set())
  for (const key of stateDict.keys()) {
    const [, layer, index] = /^layer([1-4])\.(\d+)\./.exec(key) ?? []
    if (layer !== undefined) stages[Number(layer) - 1].add(index)
    const [, stage, block] = /^stages\.([0-3])\.blocks\.(\d+)\./.exec(key) ?? []
    if (stage !== undefined) stages[Number(stage)].add(block)
  }
  return stages.map(({ size }) => size)
}

/** The names and shapes of a model's parameters and buffers, without the network. */
interface Outline {
  readonly head: string | undefined
  readonly holders: Shapes
}
type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>

/** Kept, as building all models takes most of a second. */
const outlines = new Map<string, Outline>()

function outlineOf(name: string, build: ModelEntry['build']): Outline {
  const kept = outlines.get(name)
  if (kept) return kept
  const net = build()
  const outline = { head: hasHead(net) ? net.head : undefined, holders: shapesOf(namedHolders(net)) }
  outlines.set(name, outline)
  return outline
}

function shapesOf(members: Iterable<readonly [string, { readonly shape: readonly number[] }]>): Shapes {
  return new Map(Array.from(members, ([name, { shape }]) => [name, { shape }]))
}

function fits(name: string, build: ModelEntry['build'], given: StateDict): boolean {
  const { head, holders } = outlineOf(name, build)
  const isHead = (key: string): boolean => head !== undefined && key.startsWith(`${head}.`)
  const isBackbone = ![...given.keys()].some(isHead)
  const expected = isBackbone ? new Map([...holders].filter(([key]) => !isHead(key))) : holders
  const { missingKeys, unexpectedKeys, mismatched } = matchStateDict(expected, given)
  if (missingKeys.length + unexpectedKeys.length > 0) return false
  return mismatched.length === 0 || fitsOtherForm(build, given, [...expected.keys()])
}

/** Whether weights fit a model with their own numbers of classes and channels. */
function fitsOtherForm(build: ModelEntry['build'], given: StateDict, keys: readonly string[]): boolean {
  const own = new Map(namedHolders(build(formOf(build(), given))))
  return keys.every(key => {
    const found = given.get(key)
    return !found || formatShape(found.shape) === formatShape(own.get(key)?.shape ?? [])
  })
}
