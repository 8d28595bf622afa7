// Finds modules, parameters and buffers that a network uses but that are not its fields: they would be missing from its
// state dict, its printed text and its training. Tracing, printing and saving check this first.
import { isA } from '../../base/kinds.js'
import { ResnetError } from '../../base/errors.js'
import { graphInput } from '../../ir/operand.js'
import { Value } from '../../ir/ops.js'
import { reachedFrom } from '../../ir/graph.js'
import { Callable, isMadeInForward, observeCalls, type Callee } from './call.js'
import { ModuleBuffer, Parameter } from './parameter.js'

/** The part of a module that is needed here. */
export interface Owner extends Callee {
  namedFields(): (readonly [string, unknown])[]
  namedModules(): Iterable<readonly [string, Owner]>
}

type Member = Owner | Parameter | ModuleBuffer

/**
 * Checks what is visible without an input: the fields and getters of every module, and the calls in its `forward`.
 * @throws ResnetError that names the field and the remedy.
 */
export function assertAllRegistered(root: Owner): void {
  const owned = membersOf(root)
  for (const [path, owner] of root.namedModules()) {
    const name = path || root.typeName
    for (const { value, place, remedy } of hidingPlaces(owner)) {
      const lost = membersIn(value).find(member => !isOwned(member, owned))
      if (!lost) continue
      throw notRegistered(name, lost, place, isOwner(lost) ? remedy : 'give each a field of its own')
    }
    if (typeof owner.forward !== 'function') throw new ResnetError(`${name}: has no forward(x)`)
    if (rehearsed.has(owner)) continue
    assertUsed(rehearse(owner), owned, name)
    rehearsed.add(owner)
  }
}

/**
 * Checks a module called in the pass.
 * @param caller the path of the calling module.
 * @throws ResnetError when neither it nor all of its parts belong to the network.
 */
export function assertCalled(root: Owner, called: Callee, caller: string): void {
  const owned = membersOf(root)
  if (!isMember(called) || isOwned(called, owned)) return
  assertAllRegistered(root)
  assertUsed([called], owned, caller || root.typeName)
}

/**
 * Checks the parameters and buffers used in a graph.
 * @throws ResnetError when one belongs to no module of the network.
 */
export function assertStateRegistered(root: Owner, values: readonly Value[]): void {
  const owned = membersOf(root)
  const states = statesBehind(values)
  if (states.every(member => owned.has(member))) return
  assertAllRegistered(root)
  assertUsed(states, owned, root.typeName)
}

function assertUsed(used: readonly Member[], owned: ReadonlySet<Member>, name: string): void {
  const lost = used.find(member => !isOwned(member, owned))
  if (!lost) return
  const [place, remedy] = isMadeInForward(lost)
    ? ['that forward makes anew', 'construct it once, in a field']
    : ['that forward uses', 'keep it in a public field (#private ones cannot be seen)']
  throw notRegistered(name, lost, place, remedy)
}

function notRegistered(name: string, lost: Member, place: string, remedy: string): ResnetError {
  const what =
    lost instanceof Parameter ? 'Parameter' : lost instanceof ModuleBuffer ? 'Buffer' : lost.typeName
  return new ResnetError(
    `${name}: the ${what} ${place} is not registered, so stateDict() and print would lack it; ${remedy}`
  )
}

function membersOf(root: Owner): Set<Member> {
  const members = new Set<Member>()
  for (const [, owner] of root.namedModules()) {
    members.add(owner)
    for (const [, field] of owner.namedFields()) if (isMember(field)) members.add(field)
  }
  return members
}

/** Whether a network owns a member or all of its parts (as with a slice of a `Sequential`). */
function isOwned(member: Member, owned: ReadonlySet<Member>): boolean {
  if (owned.has(member)) return true
  if (!isOwner(member)) return false
  const parts = [...membersOf(member)].filter(part => part !== member)
  return parts.some(isOwner) && parts.every(part => owned.has(part))
}

function isOwner(value: unknown): value is Owner {
  return value instanceof Callable
}

function isMember(value: unknown): value is Member {
  return isOwner(value) || value instanceof Parameter || value instanceof ModuleBuffer
}

/** Where unregistered members may be kept. */
function* hidingPlaces(owner: Owner): Generator<{ value: unknown; place: string; remedy: string }> {
  for (const [name, value] of owner.namedFields()) {
    const { kind, list } = contentsOf(value) ?? {}
    if (kind === undefined) continue
    yield { value, place: `in the ${kind} field '${name}'`, remedy: `make the field a ${list}` }
  }
  for (const name of gettersOf(Object.getPrototypeOf(owner) as object)) {
    const value = quietly(() => Reflect.get(owner, name) as unknown)
    yield { value, place: `behind the getter '${name}'`, remedy: 'keep it in a field' }
  }
}

/** What a list or an object has inside, what it is called, and what takes its place in a module. */
function contentsOf(value: unknown): { kind: string; list: string; inside: unknown[] } | undefined {
  if (Array.isArray(value)) return { kind: 'array', list: 'ModuleList', inside: value }
  if (isA<Set<unknown>>(Set, value)) return { kind: 'Set', list: 'ModuleList', inside: [...value] }
  if (isA<Map<string, unknown>>(Map, value))
    return { kind: 'Map', list: 'ModuleDict', inside: [...value.values()] }
  if (typeof value !== 'object' || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  return { kind: 'object', list: 'ModuleDict', inside: Object.values(value) }
}

/** The getters of a module's class and its superclasses below `Module`. */
function gettersOf(prototype: object): readonly string[] {
  const known = getters.get(prototype)
  if (known) return known
  const base = Object.getPrototypeOf(prototype) as object | null
  if (base === null || base === Callable.prototype) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { get }]) => get)
  const all = [...own.map(([name]) => name), ...gettersOf(base)]
  getters.set(prototype, all)
  return all
}

const getters = new WeakMap<object, readonly string[]>()

function membersIn(value: unknown, depth = 4, seen = new Set<unknown>()): Member[] {
  if (isMember(value)) return [value]
  if (depth === 0 || seen.has(value)) return []
  seen.add(value)
  return (contentsOf(value)?.inside ?? []).flatMap(each => membersIn(each, depth - 1, seen))
}

/** Modules whose `forward` was found right. */
const rehearsed = new WeakSet<Owner>()

/**
 * Runs a module's `forward` on a placeholder to see what it uses; called modules return their input. Tracing with a real
 * input finds the rest.
 */
function rehearse(owner: Owner): Member[] {
  const used: Member[] = []
  const callee = (called: Callee, x: Value): Value => {
    if (isMember(called)) used.push(called)
    return x
  }
  const before = Object.getOwnPropertyDescriptors(owner)
  const result: unknown = quietly(() =>
    observeCalls(callee, () => owner.forward(graphInput('x', ['N', 8, 8, 8])))
  )
  // A forward may keep things in fields; it has not run yet.
  for (const name of Reflect.ownKeys(owner)) if (!(name in before)) Reflect.deleteProperty(owner, name)
  quietly(() => Object.defineProperties(owner, before))
  // A forward that returns something else is told so when it is traced.
  if (result instanceof Promise) result.catch(() => {})
  return result instanceof Value ? [...used, ...statesBehind([result])] : used
}

function statesBehind(values: readonly Value[]): Member[] {
  const holders: unknown[] = [...reachedFrom(values)].map(({ origin }) => 'holder' in origin && origin.holder)
  return holders.filter(isMember)
}

/** A function's result; undefined if it throws. */
function quietly<R>(run: () => R): R | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
