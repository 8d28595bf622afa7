// Prints a graph as text, one line per computed value.
import { aGraph } from './graph.js'
import { checkArguments } from '../base/options.js'
import { formatShape } from '../tensor/tensor.js'
import type { Graph } from './graph.js'
import type { Value } from './ops.js'

function typeOf(value: Value): string {
  return `${value.dtype}${formatShape(value.shape)}`
}

function formatAttribute([name, value]: [string, unknown]): string {
  return `${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`
}

/**
 * Formats a graph as readable text.
 *
 * @example
 * console.log(printGraph(trace(new Linear(8, 2), ['N', 8]).graph))
 * // graph(x: float32[N, 8]) {
 * //   linear: float32[N, 2] = linear(x, weight, bias)
 * //   return logits = linear
 * // }
 */
export function printGraph(graph: Graph): string {
  checkArguments('printGraph', { graph }, { graph: aGraph })
  const nameOf = (value: Value): string => {
    const { origin } = value
    const isNumber = origin.kind === 'constant' && origin.tensor.size === 1 && value.shape.length === 0
    return isNumber ? String(origin.tensor.data[0]) : (graph.names.get(value) ?? '?')
  }
  const lines = graph.values.flatMap(value => {
    const { origin } = value
    if (origin.kind === 'constant' && value.shape.length > 0)
      return [`${nameOf(value)}: ${typeOf(value)} = constant`]
    if (origin.kind !== 'node') return []
    const operands = [...origin.inputs.map(nameOf), ...Object.entries(origin.attributes).map(formatAttribute)]
    return [`${nameOf(value)}: ${typeOf(value)} = ${origin.op}(${operands.join(', ')})`]
  })
  const inputs = graph.inputs.map(value => `${nameOf(value)}: ${typeOf(value)}`)
  const outputs = graph.outputs.map(({ name, value }) => `${name} = ${nameOf(value)}`)
  return [
    `graph(${inputs.join(', ')}) {`,
    ...lines.map(line => `  ${line}`),
    `  return ${outputs.join(', ')}`,
    '}'
  ].join('\n')
}
