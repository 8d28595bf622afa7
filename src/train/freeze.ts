// Freezing: what is named keeps its weights, and what it remembers of batches too.
import type { Module } from '../nn/module.js'
import { expectMatches, matchesAny, matchesName } from '../optim/match-name.js'

/**
 * Freezes the parameters that patterns name (`conv1`, `layer1`, `*.bias`), thaws none, and puts modules below a pattern
 * into evaluation, so that a frozen batch normalisation neither uses nor follows the batch's statistics.
 * @throws OptimError for a pattern that names nothing, listing near names.
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
