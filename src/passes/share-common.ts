// Common subexpression elimination: gradients repeat much of the forward pass.
import type { Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import { rewrite } from './rewrite.js'

// Larger constants are not worth comparing.
const SMALL = 16

/** Merges values that are computed by the same op from the same operands. */
export function shareCommon(graph: Graph): Graph {
  const known = new Map<string, Value>()
  return rewrite(graph, (value, { rebuilt }) => {
    const key = keyOf(value, rebuilt)
    if (key === undefined) return undefined
    const same = known.get(key)
    if (!same) known.set(key, value)
    return same && rebuilt(same)
  })
}

/** A key that only equal values share; undefined for inputs, states and large constants. */
function keyOf({ origin, dtype, shape }: Value, rebuilt: (value: Value) => Value): string | undefined {
  if (origin.kind === 'node') {
    const operands = origin.inputs.map(operand => rebuilt(operand).id)
    return `${origin.op}(${operands.join()})${JSON.stringify(origin.attributes, exact)}`
  }
  if (origin.kind !== 'constant' || origin.tensor.size > SMALL) return undefined
  return `${dtype}[${shape.join()}]=${Array.prototype.map.call(origin.tensor.data, printed).join()}`
}

/** A replacer that distinguishes what JSON does not: infinities and NaN, 0 and −0. */
function exact(_: string, attribute: unknown): unknown {
  return typeof attribute === 'number' ? printed(attribute) : attribute
}

/** A number as text, distinguishing −0 from 0. */
function printed(element: number | bigint): string {
  return Object.is(element, -0) ? '-0' : String(element)
}
