// Finds where branches join, `F(x) + x` and `F(x) · x`, in the graph itself, so in any network. Both branches begin at
// the immediate dominator of the sum (Cooper, Harvey & Kennedy 2001; in an acyclic graph one pass is enough).
import type { Graph } from './graph.js'
import { ELEMENTWISE_OPS, madeBy, type OpName, type Value } from './ops.js'
import { between } from './reach.js'

/** A sum or a product of two branches of the same value. */
export interface GraphJoin {
  /** The sum or the product. */
  readonly value: Value
  readonly op: 'add' | 'mul'
  /** x: where the branches begin. */
  readonly fork: Value
  /** F(x): the branch with more ops. */
  readonly body: Value
  /** The other branch: x itself if the shortcut is the identity. */
  readonly shortcut: Value
  /** Whether it is part of a gate: a sum inside the F of F(x) · x is not a shortcut. */
  readonly inGate: boolean
}

const ELEMENTWISE: ReadonlySet<OpName> = new Set(ELEMENTWISE_OPS)

/** A value's immediate dominator, and its depth: the length of the longest path from the input. */
interface Place {
  readonly dominator: Value | undefined
  /** The number of values that dominate it. */
  readonly rank: number
  readonly depth: number
}

/**
 * Every residual sum and every gate of a graph, in order of computation. Sums with a parameter or a constant, of a value
 * with itself, or of two inputs of the graph do not count; nor do products of element-wise functions of x, such as
 * `x · σ(x)`, which are activations.
 */
export function findJoins(graph: Graph): GraphJoin[] {
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
      depth: 1 + operands.reduce((deepest, operand) => Math.max(deepest, depthOf(operand, places)), 0)
    })
    const op = madeBy(value, 'add')?.op ?? madeBy(value, 'mul')?.op
    const [a, b] = operands
    if (op === undefined || operands.length < 2 || a === b || dominator === undefined) continue
    // If both are equally long, the first is F, as in `out + identity`.
    const isSwapped = depthOf(b, places) > depthOf(a, places)
    const [body, shortcut] = isSwapped ? [b, a] : [a, b]
    if (op === 'mul' && [body, shortcut].every(branch => isElementwise(branch, dominator))) continue
    joins.push({ value, op, fork: dominator, body, shortcut })
  }
  return joins
}

/** Whether a branch is a function of x element by element, without parameters. */
function isElementwise(end: Value, start: Value): boolean {
  return [...between(end, start)].every(
    ({ origin }) => origin.kind === 'constant' || (origin.kind === 'node' && ELEMENTWISE.has(origin.op))
  )
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

function depthOf(value: Value, places: ReadonlyMap<Value, Place>): number {
  return places.get(value)?.depth ?? 0
}
