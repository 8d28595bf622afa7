// Parameters that learn faster, slower, or without weight decay, chosen by name (torch: `param_groups`).
import { aString, numberFrom, required, type Checks } from '../base/options.js'
import type { Module } from '../nn/module.js'
import { checkOptim } from './optim-error.js'
import { expectMatches, matchesName } from './match-name.js'

/** Settings for the parameters that a pattern matches; what is left out stays as it is. */
export interface ParameterGroup {
  /** A name, of a module for all that is in it or of one parameter; `*` in it stands for any characters. */
  readonly match: string
  /** Multiplies the learning rate: 0.1 for layers that are already good. */
  readonly lrScale?: number
  readonly weightDecay?: number
}

const GROUP: Checks<ParameterGroup> = {
  match: required(aString),
  lrScale: numberFrom(0),
  weightDecay: numberFrom(0)
}

/** How parameters differ in their settings. */
export interface GroupOptions {
  /** For parameters for which nothing else is said: the optimiser's own. */
  readonly weightDecay: number
  /** Where several groups match, each setting is that of the last group that has it. */
  readonly groups?: readonly ParameterGroup[]
  /** No weight decay for parameters of at most one dimension, unless a group gives them one; default false. */
  readonly noDecayOnNormAndBias?: boolean
}

/** What holds for one parameter. */
export interface ParameterSettings {
  readonly lrScale: number
  readonly weightDecay: number
}

/** The settings of one parameter. */
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
 * @throws OptimError when a group matches no parameter, listing near names, and for negative settings.
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
