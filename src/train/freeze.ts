import type { Module } from '../nn/module.js'
import { expectMatches, matchesAny, matchesName } from '../optim/parameter-groups.js'

/**
 * Freezes the parameters that match patterns (`conv1`, `layer1`, `*.bias`) and sets matching modules to evaluation mode, so
 * that frozen batch normalisation neither uses nor updates batch statistics.
 * @throws OptimError for a pattern without a match, listing near names.
 */
export function freeze(net: Module, patterns: readonly string[]): void {
  const parameters = [...net.namedParameters()]
  expectMatches(
    patterns,
    parameters.map(([name]) => name)
  )
  for (const [name, parameter] of parameters) {
    if (matchesAny(patterns, name)) parameter.requiresGrad = false
  }
  for (const [name, module] of net.namedModules()) {
    if (patterns.some(pattern => matchesName(pattern, name))) module.training = false
  }
}
