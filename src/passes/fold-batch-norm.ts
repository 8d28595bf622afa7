// Batch normalisation with fixed statistics is a scale and a shift per channel, and so is a convolution's last step:
// the two become one convolution. `w' = w · γ/√(σ² + ε)`, `b' = (b − μ) · γ/√(σ² + ε) + β`, computed in float64.
import { apply } from '../ir/apply.js'
import type { Graph } from '../ir/graph.js'
import { constant } from '../ir/operand.js'
import { madeBy, type Node, type Value } from '../ir/ops.js'
import { Tensor } from '../tensor/tensor.js'
import { rewrite } from './rewrite.js'

/** Folds every batch normalisation that directly and solely follows a convolution into it. */
export function foldBatchNorm(graph: Graph): Graph {
  const uses = countUses(graph)
  return rewrite(graph, (value, rebuilt) => {
    const norm = madeBy(value, 'batchNorm')
    const conv = norm && madeBy(norm.inputs[0], 'conv2d')
    if (!conv || uses.get(norm.inputs[0]) !== 1) return undefined
    const folded = foldWeights(conv, norm)
    if (!folded) return undefined
    return apply(
      'conv2d',
      [rebuilt(conv.inputs[0]), constant(folded.weight), constant(folded.bias)],
      conv.attributes
    )
  })
}

function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>()
  const used = [...graph.values.flatMap(value => value.inputs), ...graph.outputs.map(({ value }) => value)]
  for (const value of used) uses.set(value, (uses.get(value) ?? 0) + 1)
  return uses
}

/** The merged weights, or undefined where an operand is computed and so not known yet. */
function foldWeights(
  conv: Node<'conv2d'>,
  norm: Node<'batchNorm'>
): { weight: Tensor<'float32'>; bias: Tensor<'float32'> } | undefined {
  const [gamma, beta, mean, variance] = norm.inputs.slice(1).map(knownFloats)
  const weight = knownFloats(conv.inputs[1])
  const bias = conv.inputs[2] ? knownFloats(conv.inputs[2]) : new Float32Array(gamma?.length ?? 0)
  if (!gamma || !beta || !mean || !variance || !weight || !bias) return undefined

  const shape = conv.inputs[1].shape.map(Number)
  const perChannel = weight.length / gamma.length
  const foldedWeight = new Float32Array(weight.length)
  const foldedBias = new Float32Array(gamma.length)
  for (let channel = 0; channel < gamma.length; channel++) {
    const scale = gamma[channel] / Math.sqrt(variance[channel] + norm.attributes.eps)
    const end = (channel + 1) * perChannel
    for (let i = channel * perChannel; i < end; i++) foldedWeight[i] = weight[i] * scale
    foldedBias[channel] = (bias[channel] - mean[channel]) * scale + beta[channel]
  }
  return {
    weight: new Tensor(foldedWeight, shape, 'float32'),
    bias: new Tensor(foldedBias, [gamma.length], 'float32')
  }
}

function knownFloats({ origin }: Value): Float32Array | undefined {
  const tensor =
    origin.kind === 'state' ? origin.holder.data : origin.kind === 'constant' ? origin.tensor : undefined
  return tensor?.data instanceof Float32Array ? tensor.data : undefined
}
