// Fuses `x · b + c` per channel, the form of the gradients through batch normalisation's statistics, into one op: one pass.
import { apply, constant } from '../ir/operand.js'
import { reshape } from '../ir/functional/shaping.js'
import type { Graph } from '../ir/graph.js'
import { madeBy, type Value } from '../ir/ops.js'
import { ones, zeros } from '../tensor/tensor.js'
import { countUses, rewrite } from './rewrite.js'

/** Replaces every `add(mul(x, b), c)` with b and c per channel by a single op. */
export function fuseAffine(graph: Graph): Graph {
  const uses = countUses(graph)
  return rewrite(graph, (value, { rebuilt }) => {
    const sum = madeBy(value, 'add')
    if (!sum) return undefined
    for (const [product, shift] of [sum.inputs, sum.inputs.toReversed()]) {
      const scaled = uses.get(product) === 1 ? madeBy(product, 'mul') : undefined
      for (const [x, scale] of scaled ? [scaled.inputs, scaled.inputs.toReversed()] : []) {
        const channels = channelsOf(x)
        if (channels === undefined || !isPerChannel(scale, channels) || !isPerChannel(shift, channels))
          continue
        const [b, c] = [scale, shift].map(each => reshape(rebuilt(each), [channels]))
        const [mean, variance] = [constant(zeros([channels])), constant(ones([channels]))]
        return apply('batchNorm', [rebuilt(x), b, c, mean, variance], { eps: 0 })
      }
    }
    return undefined
  })
}

function channelsOf({ shape, dtype }: Value): number | undefined {
  const channels = shape.length === 4 && dtype === 'float32' ? shape[1] : undefined
  return typeof channels === 'number' ? channels : undefined
}

/** (C, 1, 1) or (1, C, 1, 1) */
function isPerChannel({ shape }: Value, channels: number): boolean {
  return ['', '1,'].some(batch => shape.join() === `${batch}${channels},1,1`)
}
