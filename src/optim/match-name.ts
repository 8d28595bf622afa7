// How parameters are chosen by name: for groups with settings of their own, and for freezing.
import { nearestNames, orList } from '../base/nearest-names.js'
import { OptimError } from './optim-error.js'

/**
 * Whether a pattern names a parameter, or a module that the parameter is somewhere below:
 * `layer1` matches `layer1.0.conv1.weight` and not `layer10.0.conv1.weight`. In a pattern `*` stands for any
 * characters, dots too: `*.bias` matches every bias, `layer*.0` the first block of every stage.
 */
export function matchesName(pattern: string, name: string): boolean {
  const literals = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return pattern !== '' && new RegExp(`^${literals.join('.*')}(?:\\.|$)`, 'su').test(name)
}

/** Whether any of some patterns names a parameter. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some(pattern => matchesName(pattern, name))
}

/** A pattern that names nothing, and what it may have meant. */
export interface UnmatchedPattern {
  readonly pattern: string
  /** Modules and parameters with similar names, the nearest first. */
  readonly near: readonly string[]
}

/** Patterns that match none of some names: most likely typing mistakes. */
export function unmatchedPatterns(
  patterns: readonly string[],
  names: readonly string[]
): readonly UnmatchedPattern[] {
  return patterns
    .filter(pattern => !names.some(name => matchesName(pattern, name)))
    .map(pattern => ({ pattern, near: nearestNames(pattern, names.flatMap(pathsOf)) }))
}

/**
 * Expects every pattern to match something.
 * @throws OptimError that lists the ones that do not, with near names.
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
