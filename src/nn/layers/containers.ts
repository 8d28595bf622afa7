// Modules that hold other modules by number or name: `Sequential`, and `ModuleList` and `ModuleDict`, whose modules are called
// by their owner's `forward` (torch: `nn.Sequential`, `nn.ModuleList`, `nn.ModuleDict`).
import { ResnetError } from '../../base/errors.js'
import { aString, checkArguments, shown, type Check } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module/module.js'

export abstract class ModuleContainer extends Module {
  readonly #modules: Map<string, Module>

  /** @throws ResnetError for a value that is not a module. */
  constructor(kind: string, entries: Iterable<readonly [string, unknown]>) {
    super()
    checkArguments('ModuleContainer', { kind }, { kind: aString })
    const isPair = (each: unknown): boolean => Array.isArray(each) && typeof each[0] === 'string'
    const isList = Symbol.iterator in Object(entries) && [...entries].every(isPair)
    if (!isList)
      throw new ResnetError(`${kind}: expected pairs of a name and a module, got ${shown(entries)}`)
    this.#modules = new Map(Array.from(entries, ([name, entry]) => [name, moduleOf(kind, name, entry)]))
    assertNames(kind, [...this.#modules.keys()])
  }

  override get length(): number {
    return this.#modules.size
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.#modules.values()
  }

  override *namedChildren(): Generator<readonly [string, Module]> {
    yield* this.#modules
  }

  /** The i-th module; negative counts from the end. */
  at(index: number): Module | undefined {
    return [...this.#modules.values()].at(index)
  }
}

/**
 * Chains modules. Children are named `0`, `1`, …, or by the keys of an object.
 *
 * @example
 * const trunk = new Sequential(...[...resnet18().children()].slice(0, -2)) // a network without its head, weights included
 * const classifier = vgg11_bn().classifier.slice(0, -1) // without its last layer
 */
export class Sequential extends ModuleContainer {
  /** @throws ResnetError for a value that is not a module. */
  constructor(...layers: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    const [first] = layers
    const isObject = typeof first === 'object' && (first as object | null)?.constructor === Object
    super('Sequential', Object.entries(isObject ? first : layers))
  }

  /** A sequence of some of the modules with shared weights (torch: `seq[from:to]`); negatives count from the end. */
  slice(from?: number, to?: number): Sequential {
    const part = new Sequential(Object.fromEntries([...this.namedChildren()].slice(from, to)))
    part.training = this.training
    return part
  }

  forward(x: Value): Value {
    let value = x
    for (const layer of this) value = layer(value)
    return value
  }
}

/**
 * An array of registered modules: their parameters are in the state dict as `layers.0.weight`, … It has no `forward`: its
 * owner calls them (torch: `nn.ModuleList`).
 * @example
 * class Stack extends Module {
 *   layers = new ModuleList(Array.from({ length: 3 }, () => new Conv2d(8, 8, 3, { padding: 1 })))
 *   forward(x: Value) {
 *     for (const layer of this.layers) x = relu(layer(x))
 *     return x
 *   }
 * }
 */
export class ModuleList extends ModuleContainer {
  /** @throws ResnetError for a value that is not a module. */
  constructor(modules: Iterable<Module> = []) {
    checkArguments('ModuleList', { modules }, { modules: anArray })
    super('ModuleList', Object.entries([...modules]))
  }

  forward(_x: Value): Value {
    throw new ResnetError(
      'ModuleList has no forward: call its modules, as in `for (const layer of this.layers)`'
    )
  }
}

/** Named modules, in the state dict as `branches.left.weight`, … Without a `forward` (torch: `nn.ModuleDict`). */
export class ModuleDict extends ModuleContainer {
  /** @throws ResnetError for a value that is not a module. */
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    checkArguments('ModuleDict', { modules }, { modules: aRecord })
    super('ModuleDict', Object.entries(modules))
  }

  /** The module of a name. @throws ResnetError for an unknown name. */
  get(name: string): Module {
    const modules = new Map(this.namedChildren())
    const found = modules.get(name)
    if (found) return found
    throw new ResnetError(`ModuleDict: no module '${name}'; it has ${[...modules.keys()].join(', ')}`)
  }

  forward(_x: Value): Value {
    throw new ResnetError("ModuleDict has no forward: call its modules, as in `this.branches.get('left')(x)`")
  }
}

const anArray: Check<Iterable<Module>> = {
  expected: 'an array of modules: new ModuleList([a, b])',
  accepts: value => Symbol.iterator in Object(value)
}

const aRecord: Check<Readonly<Record<string, Module>>> = {
  expected: 'an object of modules: new ModuleDict({ left: a, right: b })',
  accepts: value => Object.getPrototypeOf(value ?? 0) === Object.prototype
}

/** torch's rules for names, and JavaScript's: an object's whole numbers come first, whatever was written first. */
function assertNames(kind: string, names: readonly string[]): void {
  const bad = names.find(name => name === '' || name.includes('.'))
  if (bad !== undefined) {
    throw new ResnetError(
      `${kind}: '${bad}' cannot be a module's name: expected one that is not empty and has no dot`
    )
  }
  const numbers = names.filter(name => /^\d+$/u.test(name))
  if (numbers.length === 0 || numbers.length === names.length) return
  throw new ResnetError(
    `${kind}: names that are numbers (${numbers.join(', ')}) cannot stand beside others: an object does not keep their order`
  )
}

function moduleOf(kind: string, name: string, entry: unknown): Module {
  if (entry instanceof Module) return entry
  const isArray = Array.isArray(entry)
  const other = typeof entry === 'function' ? `a function (${entry.name})` : typeof entry
  const [found, advice] = isArray ? ['an array', '; write an array as ...layers'] : [other, '']
  throw new ResnetError(`${kind}: '${name}' is ${found}, expected a module, such as new ReLU()${advice}`)
}
