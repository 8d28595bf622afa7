import { aStateDict } from '../tensor/state-dict.js'
import { checkArguments } from '../base/options.js'
import { matchStateDict, isClean } from '../nn/module/state-dict.js'
import { namedHolders, namedMembers } from '../nn/module/module.js'
import { Parameter } from '../nn/module/parameter.js'
import { drawingApart } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formOf, unwrapped } from './build-for.js'
import { MODELS, type ModelEntry, type ModelName } from './registry.js'

/**
 * Names of the models that a state dict fits, in the registry's order, for its own numbers of classes and channels and
 * without a common prefix; may be empty. A model that only looks like another by its state dict is left out: such weights may
 * be either's (`MODELS[name].looksLike`).
 * @example
 * modelsFitting(resnet18({ numClasses: 10 }).stateDict()) // ['resnet18']
 */
export function modelsFitting(stateDict: StateDict): ModelName[] {
  checkArguments('modelsFitting', { stateDict }, { stateDict: aStateDict })
  // These networks are discarded, so they must not advance the random generator.
  const blocks = blocksOf(stateDict)
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

/** Blocks per stage, by torchvision's names. */
function blocksOf(stateDict: StateDict): number[] {
  const stages: Set<string>[] = [1, 2, 3, 4].map(() => new Set())
  for (const key of stateDict.keys()) {
    const [, stage, block] = /(?:^|\.)layer([1-4])\.(\d+)\./.exec(key) ?? []
    if (stage !== undefined) stages[Number(stage) - 1].add(block)
  }
  return stages.map(({ size }) => size)
}

/** The names and shapes of a model's parameters and buffers, without the network. */
interface Outline {
  readonly parameters: Shapes
  readonly holders: Shapes
}
type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>

/** Kept, as building all models takes most of a second. */
const outlines = new Map<string, Outline>()

function outlineOf(name: string, build: ModelEntry['build']): Outline {
  const kept = outlines.get(name)
  if (kept) return kept
  const net = build()
  const holders = shapesOf(namedHolders(net))
  const outline = { parameters: shapesOf(namedMembers(net, Parameter)), holders }
  outlines.set(name, outline)
  return outline
}

function shapesOf(members: Iterable<readonly [string, { readonly shape: readonly number[] }]>): Shapes {
  return new Map(Array.from(members, ([name, { shape }]) => [name, { shape }]))
}

function fits(name: string, build: ModelEntry['build'], stateDict: StateDict): boolean {
  const { parameters, holders } = outlineOf(name, build)
  const given = unwrapped(parameters, stateDict)
  const { missingKeys, unexpectedKeys, mismatched } = matchStateDict(holders, given)
  if (missingKeys.length + unexpectedKeys.length > 0) return false
  return mismatched.length === 0 || fitsOtherForm(build, given)
}

/** Whether weights fit a model with their own numbers of classes and channels. */
function fitsOtherForm(build: ModelEntry['build'], given: StateDict): boolean {
  const net = build(formOf(build(), given))
  return isClean(matchStateDict(new Map(namedHolders(net)), given))
}
