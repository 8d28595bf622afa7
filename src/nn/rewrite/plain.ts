// Plain twins: the same layers and weights without shortcuts. Shortcuts are found on the traced graph (ir/joins), so this
// works for any network.
import { findPlainValues, findShortcuts } from '../../ir/joins.js'
import { observeJoins } from '../../ir/join-branches.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { ResnetError, ShapeError } from '../../base/errors.js'
import { checkArguments, checkedLater, checkOptions, instanceOf, type OptionsOf } from '../../base/options.js'
import { formatShape } from '../../tensor/tensor.js'
import { observeCalls, unobserved, type Callee } from '../module/call.js'
import { collectEffects } from '../trace/effects.js'
import { ModuleContainer, Sequential } from '../layers/containers.js'
import { usualInput } from '../layers/probe-body.js'
import { Module } from '../module/module.js'
import { trace, type Trace } from '../trace/trace.js'
import { containerLike, copyWith, isChain, isNumbered, withChildren } from './with-children.js'

/** A module that knows its form without the shortcut; for others, the sum in their `forward` is skipped. */
export interface WithShortcut extends Module {
  /** The module with the same layers and without the shortcut. */
  withoutShortcut(): Module
}

const OPTIONS = {
  /** The input's shape; default images of 224 × 224 with the first layer's channels, or its features. */
  input: checkedLater<Shape>()
}

/** Options of `plainTwin`. */
export interface PlainOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * The plain twin of any network: F(x) + x becomes F(x), and so does F(x) · x unless it is attention inside an F. Layers
 * used only by shortcuts, such as projections, are removed. A network without shortcuts is its own twin.
 *
 * Layers are shared, not copied; containers are copied where something in them changes. In a `Sequential`, the layers of a
 * `Residual`'s `Sequential` body replace the `Residual`, so that `plainTwin(residualize(net))` computes what `net` does.
 * @throws ShapeError when the network does not take the input; ResnetError when a module cannot be copied, because it has
 * `#private` fields or a `forward` that is a field, or when a shortcut cannot be left out.
 * @example
 * const twin = plainTwin(resnet34()) // the layers of resnet34({ residual: false }), with the weights of the first
 */
export function plainTwin(net: Module, options: PlainOptions = {}): Module {
  checkOptions('plainTwin', options, OPTIONS)
  checkArguments('plainTwin', { net }, { net: instanceOf(Module) })
  return twinWithOriginals(net, options).twin
}

/** As `plainTwin`, with the original of each copied module. */
export function twinWithOriginals(
  net: Module,
  { input }: PlainOptions = {}
): { readonly twin: Module; readonly originals: ReadonlyMap<Module, Module> } {
  const shape = input ?? usualInput(net)
  const { shortcuts, isUnused } = explained(shape, input === undefined, () => lookInto(net, shape))
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
  if (twin !== net) trace(twin, shape)
  return { twin, originals: new Map(Array.from(done, ([module, made]) => [made, module])) }
}

/** Adds a remedy to the error of an input that was guessed. */
function explained<R>(shape: Shape, isGuessed: boolean, run: () => R): R {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ShapeError && isGuessed)) throw error
    throw new ShapeError(
      `${error.message}; plainTwin tried an input of ${formatShape(shape)}: give the network's own, { input: [1, 3, 32, 32] }`
    )
  }
}

function isWithShortcut(module: Module): module is WithShortcut {
  return 'withoutShortcut' in module
}

/** A module's own sums and products, in the order of its `forward`: the operand that is F(x), if one is a shortcut. */
type Joins = readonly (0 | 1 | undefined)[]

/** The joins of the modules that have shortcuts of their own, and whether a module is used only by shortcuts. */
function lookInto(
  net: Module,
  shape: Shape
): { shortcuts: ReadonlyMap<Callee, Joins>; isUnused: (module: Module) => boolean } {
  const frames: { readonly owner: Callee; readonly joins: { value: Value; first: Value }[] }[] = []
  const open: typeof frames = []
  const noting = (first: Value, _: Value, make: () => Value): Value => {
    const value = make()
    open.at(-1)?.joins.push({ value, first })
    return value
  }
  const framing = (owner: Callee, _: Value, proceed: () => Value): Value => {
    const frame = { owner, joins: [] }
    frames.push(frame)
    open.push(frame)
    try {
      return proceed()
    } finally {
      open.pop()
    }
  }
  const { graph, calls } = observeCalls(framing, () => observeJoins(noting, () => trace(net, shape)))
  const bodies = new Map(findShortcuts(graph).map(({ value, body }) => [value, body]))
  const computed = new Set(graph.values)
  const all = new Map<Callee, Joins>()
  for (const { owner, joins } of frames) {
    if (!joins.some(({ value }) => computed.has(value))) continue
    const own = joins.map(({ value, first }) => {
      const body = bodies.get(value)
      return body === undefined ? undefined : first === body ? 0 : 1
    })
    if (String(all.get(owner) ?? own) !== String(own)) {
      throw new ResnetError(
        `plainTwin: a ${owner.typeName} is called more than once, and what is a shortcut in one call is none in another; give each call a module of its own`
      )
    }
    all.set(owner, own)
  }
  const shortcuts = [...all].filter(([, joins]) => joins.some(body => body !== undefined))
  return { shortcuts: new Map(shortcuts), isUnused: unusedIn(graph, calls) }
}

/** Finds modules that compute something, of which the plain network needs nothing. */
function unusedIn(graph: Trace['graph'], calls: Trace['calls']): (module: Module) => boolean {
  const kept = findPlainValues(graph)
  const nodes = graph.values.filter(({ origin }) => origin.kind === 'node')
  const working = makersOf(nodes, calls)
  const used = makersOf(
    nodes.filter(value => kept.has(value)),
    calls
  )
  return module => working.has(module) && !used.has(module)
}

/** The modules in whose calls some of the values were made. */
function makersOf(values: readonly Value[], calls: Trace['calls']): ReadonlySet<Module> {
  const ids = new Set(values.map(({ id }) => id))
  const [{ from: start, to: end }] = calls
  // How many of them were made before each one.
  const before = [0]
  for (let id = start; id < end; id++) before.push(before[id - start] + (ids.has(id) ? 1 : 0))
  return new Set(
    calls.filter(({ from, to }) => before[to - start] > before[from - start]).map(({ module }) => module)
  )
}

/** A copy whose `forward` skips some of its own sums and products, and the modules that only they need. */
function leavingOut(module: Module, own: Joins, isUnused: (module: Module) => boolean): Module {
  const absent = [...module.namedChildren()].filter(([, child]) => isUnused(child))
  const copy =
    module instanceof ModuleContainer
      ? containerLike(module, [...module.namedChildren()])
      : copyWith(module, Object.fromEntries(absent.map(([name, child]) => [name, asFunction(child)])))
  const forward = { value: withoutShortcuts(module.forward, own) }
  const prototype = Object.create(Object.getPrototypeOf(module) as Module, { forward }) as Module
  return Object.setPrototypeOf(copy, prototype) as Module
}

function withoutShortcuts(forward: Module['forward'], own: Joins): Module['forward'] {
  return function (this: Module, x: Value): Value {
    let [joins, depth] = [0, 0]
    // Sums and products inside other modules do not count, nor do those of removed ones.
    const inOther = (_: Callee, __: Value, proceed: () => Value): Value => {
      depth++
      try {
        return proceed()
      } finally {
        depth--
      }
    }
    const leaveOut = (a: Value, b: Value, make: () => Value): Value => {
      const body = depth + removed > 0 ? undefined : own[joins++]
      return body === undefined ? make() : [a, b][body]
    }
    const result = observeCalls(inOther, () => observeJoins(leaveOut, () => forward.call(this, x)))
    if (joins === own.length) return result
    throw new ResnetError(
      `plainTwin: the forward of ${this.typeName} adds and multiplies ${joins} times here, but ${own.length} times in evaluation mode, in which its shortcuts were found; a twin needs a forward that always does the same`
    )
  }
}

/** How many removed layers are being computed. */
let removed = 0

/** A removed layer, for a `forward` that still calls it: none of it reaches the output. */
function asFunction(module: Module): (x: Value) => Value {
  return x => {
    removed++
    try {
      return collectEffects(() => unobserved(() => module(x))).result
    } finally {
      removed--
    }
  }
}

function plainSequence(
  sequence: Sequential,
  visit: (module: Module) => Module,
  bodyOf: (module: Module) => Module | undefined
): Sequential {
  const layers = Array.from(sequence.namedChildren(), ([name, layer]) => {
    const now = visit(layer)
    // A `Sequential` subclass with its own `forward` does more than call its layers.
    const isSpliced = bodyOf(layer) !== undefined && isChain(now)
    return { layer, own: [name, now] as const, inner: isSpliced ? [...now.namedChildren()] : undefined }
  })
  if (layers.every(({ layer, own }) => own[1] === layer)) return sequence
  const spliced = layers.flatMap(({ own, inner }) => inner ?? [own])
  const areFree = isNumbered(sequence) || new Map(spliced).size === spliced.length
  return containerLike(sequence, areFree ? spliced : layers.map(({ own }) => own))
}
