// Patterns that select parameters by name, for parameter groups and for freezing.
import { nearestNames } from '../base/nearest-names.js'
import { orList } from '../base/words.js'
import { OptimError } from './optim-error.js'

/**
 * Whether a pattern matches a parameter's name or that of a module that contains it: `layer1` matches
 * `layer1.0.conv1.weight` but not `layer10.0.conv1.weight`. `*` matches any characters, dots included: `*.bias` matches
 * every bias, `layer*.0` the first block of every stage.
 */
export function matchesName(pattern: string, name: string): boolean {
  const literals = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return pattern !== '' && new RegExp(`^${literals.join('.*')}(?:\\.|$)`, 'su').test(name)
}

/** Whether any of the patterns matches a parameter's name. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some(pattern => matchesName(pattern, name))
}

/** A pattern without a match, with suggestions. */
export interface UnmatchedPattern {
  readonly pattern: string
  /** Modules and parameters with similar names, the nearest first. */
  readonly near: readonly string[]
}

/** The patterns that match none of the names. */
export function unmatchedPatterns(
  patterns: readonly string[],
  names: readonly string[]
): readonly UnmatchedPattern[] {
  return patterns
    .filter(pattern => !names.some(name => matchesName(pattern, name)))
    .map(pattern => ({ pattern, near: nearestNames(pattern, names.flatMap(pathsOf)) }))
}

/**
 * Checks that every pattern matches a name.
 * @throws OptimError that lists the patterns without a match, with similar names.
 */
export function expectMatches(patterns: readonly string[], names: readonly string[]): void {
  const unmatched = unmatchedPatterns(patterns, names)
  if (unmatched.length === 0) return
  const faults = unmatched.map(
    ({ pattern, near }) =>
      `no parameter matches '${pattern}'${near.length > 0 ? ` (did you mean ${orList(near)}?)` : ''}`
  )
  throw new OptimError(faults.join('; '))
}

/** `layer1.0.bn1` → `layer1`, `layer1.0`, `layer1.0.bn1` */
function pathsOf(name: string): string[] {
  const parts = name.split('.')
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'))
}
