// Folds batch normalisation with fixed statistics into the preceding convolution:
// `w' = w · γ/√(σ² + ε)`, `b' = (b − μ) · γ/√(σ² + ε) + β`, computed in float64.
// The folded weights are computed at each access, so that a large network is not held twice in memory.
import { apply, state } from '../ir/operand.js'
import type { Graph } from '../ir/graph.js'
import { madeBy, type GraphNode, type Value } from '../ir/ops.js'
import { Tensor, zeros } from '../tensor/tensor.js'
import { countUses, rewrite } from './rewrite.js'

/**
 * Folds every batch normalisation that is the only user of a convolution into that convolution.
 * @param inPlace scale the weights of convolutions in place if nothing else uses them, instead of copies.
 */
export function foldBatchNorm(graph: Graph, inPlace = false): Graph {
  const owners = inPlace ? countOwners(graph) : undefined
  const uses = countUses(graph)
  return rewrite(graph, (value, { rebuilt, nameOf, named }) => {
    const norm = madeBy(value, 'batchNorm')
    const conv = norm && madeBy(norm.inputs[0], 'conv2d')
    if (!conv || uses.get(norm.inputs[0]) !== 1) return undefined
    const [, convWeight] = conv.inputs
    if (![...conv.inputs.slice(1), ...norm.inputs.slice(1)].every(isKnown)) return undefined
    const mayScale = uses.get(convWeight) === 1 && owners?.get(floatsOf(convWeight).buffer) === 1
    const folded = foldedParameters(conv, norm, mayScale)
    const weight = named(folded.weight, nameOf(convWeight))
    const bias = named(folded.bias, nameOf(norm.inputs[2]))
    return apply('conv2d', [rebuilt(conv.inputs[0]), weight, bias], conv.attributes)
  })
}

/** The number of parameters that share each buffer. */
function countOwners(graph: Graph): Map<ArrayBufferLike, number> {
  const owners = new Map<ArrayBufferLike, number>()
  for (const { origin } of graph.values) {
    if (origin.kind !== 'state') continue
    const { buffer } = origin.holder.data.data
    owners.set(buffer, (owners.get(buffer) ?? 0) + 1)
  }
  return owners
}

/** Whether the values are known before the graph runs. */
function isKnown({ dtype, origin }: Value): boolean {
  return dtype === 'float32' && (origin.kind === 'state' || origin.kind === 'constant')
}

/** The folded weight and bias. */
function foldedParameters(
  conv: GraphNode<'conv2d'>,
  norm: GraphNode<'batchNorm'>,
  inPlace: boolean
): { readonly weight: Value; readonly bias: Value } {
  const [x, ...statistics] = norm.inputs
  const [, convWeight, convBias] = conv.inputs
  const channels = Number(x.shape[1])
  const scales = (): Float64Array => {
    const [gamma, , , variance] = statistics.map(floatsOf)
    return Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i] + norm.attributes.eps))
  }
  const scaleInto = (target: Float32Array): void => scaleChannels(target, floatsOf(convWeight), scales())
  const shape = convWeight.shape.map(Number)
  return {
    weight: inPlace ? changedState(shape, floatsOf(convWeight), scaleInto) : computedState(shape, scaleInto),
    bias: computedState([channels], target => {
      const bias = convBias ? floatsOf(convBias) : new Float32Array(channels)
      const [, beta, mean] = statistics.map(floatsOf)
      const scale = scales()
      target.set(bias.map((value, i) => (value - mean[i]) * scale[i] + beta[i]))
    })
  }
}

// A separate function, so that the loop is compiled once for all layers.
function scaleChannels(target: Float32Array, source: Float32Array, scales: Float64Array): void {
  const perChannel = source.length / scales.length
  for (let channel = 0, i = 0; channel < scales.length; channel++) {
    const scale = scales[channel]
    for (const end = i + perChannel; i < end; i++) target[i] = source[i] * scale
  }
}

function computedState(shape: readonly number[], writeTo: (target: Float32Array) => void): Value {
  return state({
    shape,
    dtype: 'float32',
    writeTo,
    get data() {
      const computed = zeros(shape)
      writeTo(computed.data)
      return computed
    }
  })
}

/** State that is modified in place at its first access. */
function changedState(
  shape: readonly number[],
  values: Float32Array,
  change: (values: Float32Array) => void
): Value {
  let changed: Tensor | undefined
  return state({
    shape,
    dtype: 'float32',
    get data() {
      if (!changed) {
        change(values)
        changed = new Tensor(values, shape, 'float32')
      }
      return changed
    }
  })
}

function floatsOf({ origin }: Value): Float32Array {
  const tensor =
    origin.kind === 'state' ? origin.holder.data : origin.kind === 'constant' ? origin.tensor : undefined
  if (tensor?.data instanceof Float32Array) return tensor.data
  throw new TypeError('only float32 parameters, buffers and constants can be folded')
}
