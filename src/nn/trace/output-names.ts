// Resolves the name of an intermediate result: a module's dotted path, with a number where the module is called more than once.
import { ResnetError } from '../../base/errors.js'
import { didYouMean } from '../../base/nearest-names.js'
import type { Module } from '../module/module.js'

/** An unknown module name, or a module that did not run. */
export class OutputError extends ResnetError {}

/** A parsed name of a module's call. */
export interface NamedCall {
  readonly path: string
  readonly module: Module
  /** 0 for the first call (`relu_1` is the second); undefined if the name has no number. */
  readonly index: number | undefined
}

/**
 * Resolves `layer1.0.relu`, or `layer1.0.relu_1` for its second call, as in torchvision's `get_graph_node_names`.
 * @param asker the function named in the error message.
 * @throws OutputError with the nearest names, or all names where none is near.
 */
export function findNamedCall(net: Module, name: string, asker: string): NamedCall {
  const modules = new Map(net.namedModules())
  modules.delete('')
  const exact = modules.get(name)
  if (exact) return { path: name, module: exact, index: undefined }
  const [, path = '', index] = /^(.+)_(\d+)$/u.exec(name) ?? []
  const numbered = modules.get(path)
  if (numbered) return { path, module: numbered, index: Number(index) }

  const known = [...modules.keys()]
  const advice = didYouMean(name, known) || listing(known)
  throw new OutputError(`${asker}: ${net.typeName} has no module named '${name}'${advice}`)
}

function listing(known: readonly string[]): string {
  if (known.length === 0) return '; it has none'
  const top = known.filter(path => !path.includes('.')).join(', ')
  const inner = known.findLast(path => path.includes('.'))
  return `; it has ${top}` + (inner === undefined ? '' : `, and their inner modules (such as ${inner})`)
}

/** The error for a call that the network does not make. */
export function missingCall(
  net: Module,
  { path, index }: NamedCall,
  calls: number,
  asker: string
): OutputError {
  if (calls === 0) return new OutputError(`${asker}: ${path} is never called by ${net.typeName}`)
  const times = calls === 1 ? 'once' : `${calls} times`
  const name = `${path}_${index ?? 0}`
  return new OutputError(`${asker}: ${path} is called ${times} by ${net.typeName}, so there is no ${name}`)
}

/** Why a result cannot be called what something else is called. */
export function nameTaken(name: string, by: string): OutputError {
  return new OutputError(
    `outputs: '${name}' is what ${by} is called; createFeatureExtractor gives a module's result another name`
  )
}
