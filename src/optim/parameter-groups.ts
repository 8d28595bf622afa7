// Parameters selected by name, to freeze them or to set their learning rate and weight decay (torch: `param_groups`).
import { nearestNames } from '../base/nearest-names.js'
import { aString, numberFrom, required, type OptionsOf, type Settled } from '../base/options.js'
import { orList } from '../base/words.js'
import type { Module } from '../nn/module/module.js'
import { checkOptim, OptimError } from './optimizer.js'

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

export type ParameterSettings = Settled<Omit<ParameterGroup, 'match'>>

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

/** By parameter. @throws OptimError if a group matches no parameter, with similar names, and for negative settings. */
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

/**
 * Whether a pattern matches a parameter's name or that of a module that contains it: `layer1` matches
 * `layer1.0.conv1.weight` but not `layer10.0.conv1.weight`. `*` matches any characters, dots included: `*.bias` matches
 * every bias, `layer*.0` the first block of every stage.
 */
export function matchesName(pattern: string, name: string): boolean {
  const literals = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return pattern !== '' && new RegExp(`^${literals.join('.*')}(?:\\.|$)`, 'su').test(name)
}

export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some(pattern => matchesName(pattern, name))
}

/** @throws OptimError that lists the patterns without a match, with similar names of modules and parameters. */
export function expectMatches(patterns: readonly string[], names: readonly string[]): void {
  const faults = patterns
    .filter(pattern => !names.some(name => matchesName(pattern, name)))
    .map(pattern => {
      const near = nearestNames(pattern, names.flatMap(pathsOf))
      return `no parameter matches '${pattern}'${near.length > 0 ? ` (did you mean ${orList(near)}?)` : ''}`
    })
  if (faults.length > 0) throw new OptimError(faults.join('; '))
}

/** `layer1.0.bn1` → `layer1`, `layer1.0`, `layer1.0.bn1` */
function pathsOf(name: string): string[] {
  const parts = name.split('.')
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'))
}
