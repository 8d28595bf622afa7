// Learning rates and weight decays per parameter, selected by name (torch: `param_groups`).
import { aString, numberFrom, required, type OptionsOf } from '../base/options.js'
import type { Module } from '../nn/module.js'
import { checkOptim } from './optim-error.js'
import { expectMatches, matchesName } from './match-name.js'

const GROUP = {
  /** The name of a parameter, or of a module for all its parameters; `*` matches any characters. */
  match: required(aString),
  /** Multiplies the learning rate, for example 0.1 for pretrained layers. */
  lrScale: numberFrom(0),
  weightDecay: numberFrom(0)
}

/** Settings for the parameters that a pattern matches; omitted settings keep their value. */
export interface ParameterGroup extends OptionsOf<typeof GROUP> {}

/** Options of parameter groups. */
export interface GroupOptions {
  /** The default: the optimiser's own weight decay. */
  readonly weightDecay: number
  /** If several groups match, each setting is taken from the last one that defines it. */
  readonly groups?: readonly ParameterGroup[]
  /** No weight decay for parameters of at most one dimension, unless a group sets one; default false. */
  readonly noDecayOnNormAndBias?: boolean
}

/** The settings of one parameter. */
export interface ParameterSettings {
  readonly lrScale: number
  readonly weightDecay: number
}

/** Resolves the settings of one parameter. */
export function settingsFor(
  name: string,
  shape: readonly number[],
  { weightDecay, groups = [], noDecayOnNormAndBias = false }: GroupOptions
): ParameterSettings {
  const matching = groups.filter(({ match }) => matchesName(match, name))
  const decays = !(noDecayOnNormAndBias && shape.length <= 1)
  return {
    lrScale: matching.findLast(group => group.lrScale !== undefined)?.lrScale ?? 1,
    weightDecay:
      matching.findLast(group => group.weightDecay !== undefined)?.weightDecay ?? (decays ? weightDecay : 0)
  }
}

/**
 * The settings of every parameter of a network, by name.
 * @throws OptimError if a group matches no parameter, with similar names, and for negative settings.
 */
export function parameterGroups(net: Module, options: GroupOptions): ReadonlyMap<string, ParameterSettings> {
  const { weightDecay, groups = [] } = options
  checkOptim('parameter groups', { weightDecay }, { weightDecay: required(numberFrom(0)) })
  for (const group of groups) checkOptim(`parameter group '${group.match}'`, group, GROUP)
  const parameters = [...net.namedParameters()]
  expectMatches(
    groups.map(({ match }) => match),
    parameters.map(([name]) => name)
  )
  return new Map(parameters.map(([name, { shape }]) => [name, settingsFor(name, shape, options)]))
}
