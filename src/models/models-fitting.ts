// Which models a state dict is of, by the names and shapes of its tensors alone.
import { matchStateDict, isClean } from '../nn/state-dict.js'
import type { Module } from '../nn/module.js'
import { namedHolders } from '../nn/named-holders.js'
import { drawingApart } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formOf, unwrapped } from './build-for.js'
import { MODELS, type ModelName } from './registry.js'

/**
 * The models that a state dict fits, in the registry's order: each with as many classes and input channels as the
 * tensors say, and without a prefix that all names have. None where it is of no model known here.
 * @example
 * modelsFitting(resnet18({ numClasses: 10 }).stateDict()) // ['resnet18']
 */
export function modelsFitting(stateDict: StateDict): ModelName[] {
  const given = unwrapped(stateDict)
  const form = formOf(given)
  // No values are computed for what a module holds.
  const fits = (build: (options: typeof form) => Module): boolean =>
    isClean(matchStateDict(new Map(namedHolders(build(form))), given))
  // Networks that nobody will read take no draws from those who come after.
  return drawingApart(() =>
    Object.entries(MODELS).flatMap(([name, { build }]) => (fits(build) ? [name as ModelName] : []))
  )
}
