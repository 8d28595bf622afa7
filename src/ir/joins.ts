// Finds where branches join, `F(x) + x` and `F(x) · x`, in the graph itself, so in any network. Both branches begin at
// the immediate dominator of the sum (Cooper, Harvey & Kennedy 2001; in an acyclic graph one pass is enough).
import { checkArguments } from '../base/options.js'
import { between, type Graph, aGraph } from './graph.js'
import { ELEMENTWISE_OPS, madeBy, type OpName, type Value } from './ops.js'
import { sameShape } from './shape.js'

/** A sum or a product of two branches of the same value. */
export interface GraphJoin {
  readonly value: Value
  readonly op: 'add' | 'mul'
  /** x: where the branches begin. */
  readonly fork: Value
  /** F(x): the branch that does more work, and the first of two that do the same. */
  readonly body: Value
  /** The other branch: x itself if the shortcut is the identity. */
  readonly shortcut: Value
  /** Whether it is part of a gate: a sum inside the F of F(x) · x is not a shortcut. */
  readonly inGate: boolean
}

const ELEMENTWISE: ReadonlySet<OpName> = new Set(ELEMENTWISE_OPS)

/** A data value's place: what dominates it, and the most work on a way from the input to it. */
interface Place {
  readonly dominator: Value | undefined
  /** The number of values that dominate it. */
  readonly rank: number
  readonly depth: number
  /** How many products with weights for each output: 9 for a 3×3 convolution, 1 for a 1×1 and for a linear layer. */
  readonly work: number
}

/**
 * Every residual sum and every gate of a graph, in order of computation. Sums with a parameter or a constant, of a value
 * with itself, or of two inputs of the graph do not count; nor do products of element-wise functions of x, such as
 * `x · σ(x)`, which are activations, nor what joins parts of x, groups of channels of which none is all of x.
 */
export function findJoins(graph: Graph): GraphJoin[] {
  checkArguments('findJoins', { graph }, { graph: aGraph })
  const joins = joinsOf(graph)
  const inGates = new Set(
    joins.filter(({ op }) => op === 'mul').flatMap(({ body, fork }) => [...between(body, fork)])
  )
  return joins.map(join => ({ ...join, inGate: inGates.has(join.value) }))
}

function joinsOf(graph: Graph): Omit<GraphJoin, 'inGate'>[] {
  const places = new Map<Value, Place>()
  const joins: Omit<GraphJoin, 'inGate'>[] = []
  for (const value of graph.values) {
    const operands = value.inputs.filter(operand => places.has(operand))
    if (value.origin.kind !== 'input' && operands.length === 0) continue
    const dominator = operands.reduce<Value | undefined>(
      (common, operand) => (common === undefined ? undefined : lastCommon(common, operand, places)),
      operands[0]
    )
    places.set(value, {
      dominator,
      rank: dominator === undefined ? 0 : 1 + rankOf(dominator, places),
      depth: 1 + most(operands, 'depth', places),
      work: workOf(value) + most(operands, 'work', places)
    })
    const op = madeBy(value, 'add')?.op ?? madeBy(value, 'mul')?.op
    const [a, b] = operands
    if (op === undefined || operands.length < 2 || a === b || dominator === undefined) continue
    const [body, shortcut] = isBody(b, a, dominator, places) ? [b, a] : [a, b]
    if (op === 'mul' && [body, shortcut].every(branch => isElementwise(branch, dominator, places))) continue
    if (shortcut !== dominator && [body, shortcut].every(branch => isOfParts(branch, dominator))) continue
    joins.push({ value, op, fork: dominator, body, shortcut })
  }
  return joins
}

/** Whether a branch is a function of x element by element; it may have learned numbers, as the slope of `x · σ(v · x)`. */
function isElementwise(end: Value, start: Value, places: ReadonlyMap<Value, Place>): boolean {
  return [...between(end, start)].every(
    value => !places.has(value) || (value.origin.kind === 'node' && ELEMENTWISE.has(value.origin.op))
  )
}

/** Whether a branch is a function of parts of x, such as groups of channels, and of x in no other way. */
function isOfParts(end: Value, start: Value): boolean {
  return [...between(end, start)].every(value => !value.inputs.includes(start) || madeBy(value, 'slice'))
}

/** The nearest common dominator, where each value dominates itself. */
function lastCommon(a: Value, b: Value, places: ReadonlyMap<Value, Place>): Value | undefined {
  let [left, right]: (Value | undefined)[] = [a, b]
  while (left !== right) {
    if (left === undefined || right === undefined) return undefined
    if (rankOf(left, places) >= rankOf(right, places)) left = places.get(left)?.dominator
    else right = places.get(right)?.dominator
  }
  return left
}

function rankOf(value: Value, places: ReadonlyMap<Value, Place>): number {
  return places.get(value)?.rank ?? 0
}

function most(values: readonly Value[], what: 'depth' | 'work', places: ReadonlyMap<Value, Place>): number {
  return values.reduce((found, value) => Math.max(found, places.get(value)?.[what] ?? 0), 0)
}

function workOf(value: Value): number {
  const kernel = madeBy(value, 'conv2d')?.inputs[1].shape.slice(2)
  if (kernel) return kernel.reduce<number>((area, size) => area * Number(size), 1)
  return madeBy(value, 'linear') || madeBy(value, 'matmul') ? 1 : 0
}

/** Whether the second operand of a join is its F(x), although `out + identity` is how it is written. */
function isBody(second: Value, first: Value, fork: Value, places: ReadonlyMap<Value, Place>): boolean {
  if (first === fork || second === fork) return first === fork
  const [more, less] = [most([second], 'work', places), most([first], 'work', places)]
  if (more !== less) return more > less
  return more === 0 && most([second], 'depth', places) > most([first], 'depth', places)
}

/**
 * The joins that a plain network does without: each sum F(x) + x becomes F(x), and so does each product F(x) · x that is no
 * part of a sum's branches. A gate inside an F stays, and so do sums that only help to compute a gate, and gates that
 * stretch over the image: their F alone would have another shape.
 */
export function findShortcuts(graph: Graph): GraphJoin[] {
  const joins = findJoins(graph)
  const inSums = new Set(
    joins
      .filter(({ op }) => op === 'add')
      .flatMap(({ body, shortcut, fork }) => [...between(body, fork), ...between(shortcut, fork)])
  )
  return joins.filter(
    ({ op, value, body, inGate }) =>
      !inGate && sameShape(body.shape, value.shape) && (op === 'add' || !inSums.has(value))
  )
}

/**
 * The values on the way that F takes from a graph's input to its outputs: not those on a shortcut, be it the identity or a
 * projection, and not those that only compute a gate or attention. A product F(x) · x is a gate where F ends in numbers
 * between two limits (a sigmoid), and wherever it is a part of an F.
 */
export function findMainPath(graph: Graph): ReadonlySet<Value> {
  const shortcuts = new Set(findShortcuts(graph).map(({ value }) => value))
  const ways = new Map(
    findJoins(graph).map(({ value, op, body, shortcut, fork }) => {
      const isAttention = op === 'mul' && shortcut === fork && (isLimited(body) || !shortcuts.has(value))
      return [value, isAttention ? shortcut : body] as const
    })
  )
  return walkBack(graph, value => ways.get(value))
}

const LIMITED: ReadonlySet<OpName> = new Set(['sigmoid', 'tanh', 'softmax', 'minimum'])
const SHAPING: ReadonlySet<OpName> = new Set(['reshape', 'permute', 'expand'])

function isLimited({ origin, inputs }: Value): boolean {
  if (origin.kind !== 'node') return false
  return LIMITED.has(origin.op) || (SHAPING.has(origin.op) && isLimited(inputs[0]))
}

/** The values of a graph that its plain twin computes, too: everything but the shortcuts. */
export function findPlainValues(graph: Graph): ReadonlySet<Value> {
  const bodies = new Map(findShortcuts(graph).map(({ value, body }) => [value, body]))
  return walkBack(graph, value => bodies.get(value))
}

/** From the outputs on, everything that is computed with; at some values only one operand's way is followed. */
function walkBack({ outputs }: Graph, wayFrom: (value: Value) => Value | undefined): Set<Value> {
  const found = new Set(outputs.map(({ value }) => value))
  for (const value of found) {
    const way = wayFrom(value)
    for (const operand of way ? [way] : value.inputs) found.add(operand)
  }
  return found
}
