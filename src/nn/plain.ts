// Plain twins: the same layers and weights without shortcuts. Shortcuts are found on the traced graph (ir/joins), so this
// works for any network.
import { findPlainValues, findShortcuts } from '../ir/joins.js'
import { observeJoins } from '../ir/join-branches.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import { ResnetError, ShapeError } from '../base/errors.js'
import { checkedLater, checkOptions } from '../base/options.js'
import { formatShape } from '../tensor/tensor.js'
import { observeCalls, unobserved, type Callee } from './call.js'
import { collectEffects } from './effects.js'
import { ModuleContainer } from './layers/containers.js'
import { usualInput } from './layers/probe-body.js'
import { Sequential } from './layers/sequential.js'
import type { Module } from './module.js'
import { trace, type Trace } from './trace.js'
import { containerLike, copyWith, isNumbered, withChildren } from './with-children.js'

/** A module that knows its form without the shortcut; for others, the sum in their `forward` is skipped. */
export interface WithShortcut extends Module {
  /** The module with the same layers and without the shortcut. */
  withoutShortcut(): Module
}

/** Options of `plainTwin`. */
export interface PlainOptions {
  /** The input's shape; default images of 224 × 224 with the first layer's channels, or its features. */
  readonly input?: Shape
}

/**
 * The plain twin of any network: F(x) + x becomes F(x), and so does F(x) · x unless it is attention inside an F. Layers
 * used only by shortcuts, such as projections, are removed. A network without shortcuts is its own twin.
 *
 * Layers are shared, not copied; containers are copied where something in them changes. In a `Sequential`, the layers of a
 * `Residual`'s `Sequential` body replace the `Residual`, so that `plainTwin(residualize(net))` computes what `net` does.
 * @throws ShapeError when the network does not take the input; ResnetError when a module with shortcuts of its own cannot be
 * copied, because it has `#private` fields.
 * @example
 * const twin = plainTwin(resnet34()) // the layers of resnet34({ residual: false }), with the weights of the first
 */
export function plainTwin(net: Module, options: PlainOptions = {}): Module {
  checkOptions('plainTwin', options, { input: checkedLater<Shape>() })
  return twinWithOriginals(net, options).twin
}

/** A twin, and the original of each copied module. */
export interface TwinOf {
  readonly twin: Module
  readonly originals: ReadonlyMap<Module, Module>
}

/** As `plainTwin`, with the originals of the copies. */
export function twinWithOriginals(net: Module, { input }: PlainOptions = {}): TwinOf {
  const shape = input ?? usualInput(net)
  const { shortcuts, isUnused } = explained(net, shape, input === undefined, () => lookInto(net, shape))
  const done = new Map<Module, Module>()
  const visit = (module: Module): Module => {
    const made = done.get(module) ?? rewrite(module)
    done.set(module, made)
    return made
  }
  /** The part of a module that remains without its shortcut. */
  const bodyOf = (module: Module): Module | undefined => {
    if (!shortcuts.has(module) || !isWithShortcut(module)) return undefined
    const without = module.withoutShortcut()
    return [...module.children()].includes(without) ? without : undefined
  }
  const rewrite = (module: Module): Module => {
    const body = bodyOf(module)
    if (body) return visit(body)
    const own = shortcuts.get(module)
    if (own && isWithShortcut(module)) return withChildren(module.withoutShortcut(), visit)
    const inside =
      module instanceof Sequential ? plainSequence(module, visit, bodyOf) : withChildren(module, visit)
    return own ? leavingOut(inside, own, isUnused) : inside
  }
  const twin = visit(net)
  if (twin !== net) explained(net, shape, false, () => trace(twin, shape))
  return { twin, originals: new Map(Array.from(done, ([module, made]) => [made, module])) }
}

/** Adds a remedy to an error. */
function explained<R>(net: Module, shape: Shape, isGuessed: boolean, run: () => R): R {
  try {
    return run()
  } catch (error) {
    if (error instanceof ShapeError && isGuessed) {
      throw new ShapeError(
        `${error.message}; plainTwin tried an input of ${formatShape(shape)}: give the network's own, { input: [1, 3, 32, 32] }`
      )
    }
    if (error instanceof TypeError && error.message.includes('#')) {
      throw new ResnetError(
        `plainTwin: a module of ${net.typeName} has #private fields, which a copy of it would lack; make them public fields`,
        { cause: error }
      )
    }
    throw error
  }
}

function isWithShortcut(module: Module): module is WithShortcut {
  return 'withoutShortcut' in module
}

/** A module's own sums and products, by index in its `forward`, with the operand that is F(x). */
type Shortcuts = ReadonlyMap<number, 0 | 1>

interface Findings {
  readonly shortcuts: ReadonlyMap<Callee, Shortcuts>
  /** Whether a module is used only by shortcuts. */
  readonly isUnused: (module: Module) => boolean
}

function lookInto(net: Module, shape: Shape): Findings {
  const places = new Map<
    Value,
    { readonly owner: Callee; readonly place: number; readonly operands: readonly Value[] }
  >()
  const frames: { readonly owner: Callee; joins: number }[] = []
  const noting = (a: Value, b: Value, make: () => Value): Value => {
    const value = make()
    const frame = frames.at(-1)
    if (frame) places.set(value, { owner: frame.owner, place: frame.joins++, operands: [a, b] })
    return value
  }
  const { graph, calls } = observeCalls(
    (owner, _, proceed) => {
      frames.push({ owner, joins: 0 })
      try {
        return proceed()
      } finally {
        frames.pop()
      }
    },
    () => observeJoins(noting, () => trace(net, shape))
  )
  const shortcuts = new Map<Callee, Map<number, 0 | 1>>()
  for (const { value, body } of findShortcuts(graph)) {
    const found = places.get(value)
    if (!found) continue
    const own = shortcuts.get(found.owner) ?? new Map<number, 0 | 1>()
    shortcuts.set(found.owner, own.set(found.place, found.operands[0] === body ? 0 : 1))
  }
  return { shortcuts, isUnused: unusedIn(graph, calls) }
}

/** Finds modules used only by shortcuts. */
function unusedIn(graph: Trace['graph'], calls: Trace['calls']): (module: Module) => boolean {
  const kept = findPlainValues(graph)
  const [used, working] = [new Set<Module>(), new Set<Module>()]
  for (const value of graph.values) {
    for (const { module, from, to } of calls) {
      if (value.id < from || value.id >= to || value.origin.kind !== 'node') continue
      working.add(module)
      if (kept.has(value)) used.add(module)
    }
  }
  return module => working.has(module) && !used.has(module)
}

/** A copy whose `forward` skips some of its own sums and products, and the modules that only they need. */
function leavingOut(module: Module, own: Shortcuts, isUnused: Findings['isUnused']): Module {
  const absent = [...module.namedChildren()].filter(([, child]) => isUnused(child))
  const copy =
    module instanceof ModuleContainer
      ? containerLike(module, [...module.namedChildren()])
      : copyWith(module, Object.fromEntries(absent.map(([name, child]) => [name, asFunction(child)])))
  const prototype = Object.getPrototypeOf(module) as Module
  return Object.setPrototypeOf(
    copy,
    Object.create(prototype, { forward: { value: withoutShortcuts(module.forward, own) } }) as object
  ) as Module
}

function withoutShortcuts(forward: Module['forward'], own: Shortcuts): Module['forward'] {
  return function (this: Module, x: Value): Value {
    let [joins, depth] = [0, 0]
    // Sums and products inside other modules do not count.
    const inOther = (_: Callee, __: Value, proceed: () => Value): Value => {
      depth++
      try {
        return proceed()
      } finally {
        depth--
      }
    }
    const leaveOut = (a: Value, b: Value, make: () => Value): Value => {
      const body = depth > 0 ? undefined : own.get(joins++)
      return body === undefined ? make() : [a, b][body]
    }
    return observeCalls(inOther, () => observeJoins(leaveOut, () => forward.call(this, x)))
  }
}

/** A removed layer, for a `forward` that still calls it: none of it reaches the output. */
function asFunction(module: Module): (x: Value) => Value {
  return x => collectEffects(() => unobserved(() => module(x))).result
}

function isMere(module: Module): module is Sequential {
  return module instanceof Sequential && module.forward === Sequential.prototype.forward
}

function plainSequence(
  sequence: Sequential,
  visit: (module: Module) => Module,
  bodyOf: (module: Module) => Module | undefined
): Sequential {
  const layers = Array.from(sequence.namedChildren(), ([name, layer]) => {
    const now = visit(layer)
    // A `Sequential` subclass with its own `forward` does more than call its layers.
    const isSpliced = bodyOf(layer) !== undefined && isMere(now)
    return { layer, own: [name, now] as const, inner: isSpliced ? [...now.namedChildren()] : undefined }
  })
  if (layers.every(({ layer, own }) => own[1] === layer)) return sequence
  const spliced = layers.flatMap(({ own, inner }) => inner ?? [own])
  const areNamesFree = new Set(spliced.map(([name]) => name)).size === spliced.length
  return containerLike(
    sequence,
    areNamesFree || isNumbered(sequence) ? spliced : layers.map(({ own }) => own)
  )
}
