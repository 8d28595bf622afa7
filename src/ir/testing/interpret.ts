// The reference interpreter: computes a graph in float64 with plain loops. Lowerings and gradients are tested against
// it; it is tested against torch (interpret.test.ts).
// The table is exhaustive by its type, so an op without a rule does not compile.
import { ShapeError } from '../../base/errors.js'
import { formatShape, sizeOf, type Tensor } from '../../tensor/tensor.js'
import { GraphError, type Graph } from '../graph.js'
import type { GraphNode, OpName, Ops, Value } from '../ops.js'
import type { Shape } from '../shape.js'
import { LAYOUT_RULES } from './layout-rules.js'
import { ELEMENTWISE_RULES } from './elementwise-rules.js'
import { toFloat64, type Float64Tensor } from './float64-tensor.js'
import { POOLING_RULES } from './pooling-rules.js'
import { PRODUCT_RULES } from './product-rules.js'
import { REDUCTION_RULES } from './reduction-rules.js'
import type { Operands, OutputForm, Rule, Rules } from './rule.js'
import { SHAPING_RULES } from './shaping-rules.js'

export type { Float64Tensor } from './float64-tensor.js'

const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...REDUCTION_RULES,
  ...PRODUCT_RULES,
  ...POOLING_RULES,
  ...SHAPING_RULES,
  ...LAYOUT_RULES
}

/**
 * Computes a graph's outputs in float64; parameters and buffers are read from their holders.
 *
 * @param inputs a tensor for each input's name, of any dtype: float64 stays exact even if the graph's dtype is float32.
 * @throws ShapeError when an input does not have the shape the graph declares, or the batches differ.
 * @throws GraphError when an input is missing or unknown.
 */
export function interpret(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>
): Record<string, Float64Tensor> {
  const fed = matchInputs(graph, inputs)
  const batch = resolveBatch(graph, fed)
  const computed = new Map<Value, Float64Tensor>()
  const read = (value: Value): Float64Tensor => {
    const known = computed.get(value)
    if (!known) throw new GraphError('interpret: a value is used before it is computed')
    return known
  }
  for (const value of graph.values) {
    const tensor = fed.get(value)
    computed.set(value, tensor ? toFloat64(tensor) : evaluate(value, batch, read))
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, read(value)]))
}

function evaluate(
  { origin, shape, dtype }: Value,
  batch: number | undefined,
  read: (value: Value) => Float64Tensor
): Float64Tensor {
  if (origin.kind === 'input') {
    throw new GraphError(`interpret: ${origin.name} is not among the graph's inputs`)
  }
  if (origin.kind === 'constant') return toFloat64(origin.tensor)
  if (origin.kind === 'state') return toFloat64(origin.holder.data)
  const form = { shape: withBatch(shape, batch), dtype }
  const data = applyRule(origin, read, form)
  if (data.length !== sizeOf(form.shape)) {
    throw new ShapeError(
      `interpret: ${origin.op} returned ${data.length} elements, but its shape is ${formatShape(form.shape)}`
    )
  }
  return { data, shape: form.shape }
}

function applyRule<K extends OpName>(
  node: GraphNode<K>,
  read: (value: Value) => Float64Tensor,
  form: OutputForm
): Float64Array {
  const rule: Rule<K> = RULES[node.op]
  return rule(mapOperands<Ops[K]['inputs']>(node.inputs, read), node.attributes, form)
}

// `map` keeps the length of a tuple, which its type does not express.
function mapOperands<I extends readonly Value[]>(
  inputs: I,
  read: (value: Value) => Float64Tensor
): Operands<I> {
  return inputs.map(read) as readonly Float64Tensor[] as Operands<I>
}

function matchInputs(graph: Graph, inputs: Readonly<Record<string, Tensor>>): ReadonlyMap<Value, Tensor> {
  const names = graph.inputs.map(value => graph.names.get(value) ?? '')
  const unknown = Object.keys(inputs).find(name => !names.includes(name))
  if (unknown !== undefined) throw new GraphError(`interpret: the graph has no input named ${unknown}`)
  return new Map(
    graph.inputs.map((value, i) => {
      const tensor = inputs[names[i]]
      if (!tensor) throw new GraphError(`interpret: no tensor is given for input ${names[i]}`)
      return [value, tensor]
    })
  )
}

/** The batch size, the same in all inputs; undefined if no input has a batch. */
function resolveBatch(graph: Graph, fed: ReadonlyMap<Value, Tensor>): number | undefined {
  let batch: number | undefined
  for (const [value, tensor] of fed) {
    const fits = value.shape.length === tensor.shape.length
    const wrong = value.shape.some((dim, axis) => {
      if (dim !== 'N') return dim !== tensor.shape[axis]
      batch ??= tensor.shape[axis]
      return batch !== tensor.shape[axis]
    })
    if (!fits || wrong) {
      const name = graph.names.get(value) ?? ''
      const known = batch === undefined ? '' : ` with N = ${batch}`
      throw new ShapeError(
        `interpret: input ${name} is ${formatShape(tensor.shape)}, expected ${formatShape(value.shape)}${known}`
      )
    }
  }
  return batch
}

function withBatch(shape: Shape, batch: number | undefined): number[] {
  return shape.map(dim => {
    if (dim !== 'N') return dim
    if (batch === undefined)
      throw new ShapeError('interpret: no input has a batch dimension, so N is unknown')
    return batch
  })
}
