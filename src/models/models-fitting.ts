import { aStateDict } from '../tensor/state-dict.js'
import { checkArguments } from '../base/options.js'
import { matchStateDict, isClean } from '../nn/module/state-dict.js'
import { namedHolders, type Module } from '../nn/module/module.js'
import { drawingApart } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formOf, unwrapped } from './build-for.js'
import { MODELS, type ModelEntry, type ModelName } from './registry.js'

/**
 * Names of the models that a state dict fits, in the registry's order, for its own numbers of classes and channels and
 * without a common prefix; may be empty.
 * @example
 * modelsFitting(resnet18({ numClasses: 10 }).stateDict()) // ['resnet18']
 */
export function modelsFitting(stateDict: StateDict): ModelName[] {
  checkArguments('modelsFitting', { stateDict }, { stateDict: aStateDict })
  // These networks are discarded, so they must not advance the random generator.
  return drawingApart(() =>
    Object.entries<ModelEntry>(MODELS).flatMap(([name, { build }]) =>
      fits(build, stateDict) ? [name as ModelName] : []
    )
  )
}

function fits(build: ModelEntry['build'], stateDict: StateDict): boolean {
  const net = build()
  const given = unwrapped(new Map(net.namedParameters()), stateDict)
  const { missingKeys, unexpectedKeys, mismatched } = match(net, given)
  if (missingKeys.length + unexpectedKeys.length > 0) return false
  return mismatched.length === 0 || isClean(match(build(formOf(net, given)), given))
}

function match(net: Module, given: StateDict): ReturnType<typeof matchStateDict> {
  return matchStateDict(new Map(namedHolders(net)), given)
}
