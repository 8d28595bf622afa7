// Names of intermediate results, as in torchvision's `get_graph_node_names`: a module's dotted path for its first call, and the
// path with a number for the others, `layer1.0.relu_1`. Whatever lists or takes names of results uses these.
import { ResnetError } from '../../base/errors.js'
import { didYouMean } from '../../base/nearest-names.js'
import type { Module } from '../module/module.js'

/** An unknown module name, or a module that did not run. */
export class OutputError extends ResnetError {}

/** Names the calls of a network's modules, in the order they begin. */
export class CallNames {
  readonly #paths: ReadonlySet<string>
  readonly #counts = new Map<string, number>()

  /** @param paths of all modules. A module that is called `relu_1` keeps its name; PyTorch difference: torchvision renumbers it. */
  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths)
  }

  /** The name of a module's next call. */
  next(path: string): string {
    const isModule = (count: number): boolean => this.#paths.has(numbered(path, count))
    let count = (this.#counts.get(path) ?? -1) + 1
    while (count > 0 && isModule(count)) count++
    this.#counts.set(path, count)
    return numbered(path, count)
  }
}

function numbered(path: string, count: number): string {
  return count === 0 ? path : `${path}_${count}`
}

/**
 * Finds the module whose call may have a name: `layer1.0.relu`, or `layer1.0.relu_1` for its second.
 * @param asker the function named in the error message.
 * @throws OutputError with the nearest names, or all names where none is near.
 */
export function findNamed(net: Module, name: string, asker: string): string {
  const known = Array.from(net.namedModules(), ([path]) => path).filter(path => path !== '')
  const path = [name, /^(.+)_[1-9]\d*$/u.exec(name)?.[1]].find(
    each => each !== undefined && known.includes(each)
  )
  if (path !== undefined) return path
  const advice = didYouMean(name, known) || listing(known)
  throw new OutputError(`${asker}: ${net.typeName} has no module named '${name}'${advice}`)
}

function listing(known: readonly string[]): string {
  if (known.length === 0) return '; it has none'
  const top = known.filter(path => !path.includes('.')).join(', ')
  const inner = known.findLast(path => path.includes('.'))
  return `; it has ${top}` + (inner === undefined ? '' : `, and their inner modules (such as ${inner})`)
}

/** The error for a name that none of the network's calls has. */
export function missingCall(
  net: Module,
  name: string,
  calls: readonly { readonly path: string; readonly name: string }[],
  asker: string
): OutputError {
  const path = findNamed(net, name, asker)
  const names = calls.filter(call => call.path === path).map(call => call.name)
  if (names.length === 0) return new OutputError(`${asker}: ${path} is never called by ${net.typeName}`)
  const times = names.length === 1 ? 'once' : `${names.length} times`
  const [joint, last] = [names.length === 2 ? 'and' : 'to', names.at(-1)]
  const those = names.length === 1 ? '' : `: its results are ${path} ${joint} ${last}`
  return new OutputError(
    `${asker}: ${path} is called ${times} by ${net.typeName}, so there is no ${name}${those}`
  )
}

/** Why a result cannot be called what something else is called. */
export function nameTaken(name: string, by: string): OutputError {
  return new OutputError(
    `outputs: '${name}' is what ${by} is called; createFeatureExtractor gives a module's result another name`
  )
}
