// Which models a state dict is of, by the names and shapes of its tensors alone.
import { matchStateDict, isClean } from '../nn/state-dict.js'
import type { Module } from '../nn/module.js'
import { namedHolders } from '../nn/named-holders.js'
import { drawingApart } from '../tensor/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formOf, unwrapped } from './build-for.js'
import { MODELS, type ModelEntry, type ModelName } from './registry.js'

/**
 * The models that a state dict fits, in the registry's order: each with as many classes and input channels as the
 * tensors say, and without a prefix that all names have. None where it is of no model known here.
 * @example
 * modelsFitting(resnet18({ numClasses: 10 }).stateDict()) // ['resnet18']
 */
export function modelsFitting(stateDict: StateDict): ModelName[] {
  // Networks that nobody will read take no draws from those who come after.
  return drawingApart(() =>
    Object.entries<ModelEntry>(MODELS).flatMap(([name, { build }]) =>
      fits(build, stateDict) ? [name as ModelName] : []
    )
  )
}

function fits(build: ModelEntry['build'], stateDict: StateDict): boolean {
  const net = build()
  const given = unwrapped(net, stateDict)
  const { missingKeys, unexpectedKeys, mismatched } = match(net, given)
  if (missingKeys.length + unexpectedKeys.length > 0) return false
  return mismatched.length === 0 || isClean(match(build(formOf(net, given)), given))
}

/** No values are computed for what a module holds. */
function match(net: Module, given: StateDict): ReturnType<typeof matchStateDict> {
  return matchStateDict(new Map(namedHolders(net)), given)
}
