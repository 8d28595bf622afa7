// Takes the mask of a relu through the gradient of the max pooling behind it, where it has a quarter of the elements:
// the element that a window passes its gradient to is the window's maximum, so `unpool(x, g) · (x > 0) = unpool(x, g · (pool(x) > 0))`.
import { mul } from '../ir/functional/elementwise.js'
import type { Graph } from '../ir/graph.js'
import { apply } from '../ir/operand.js'
import { madeBy } from '../ir/ops.js'
import { countUses, rewrite } from './rewrite.js'

/** Replaces every `mul(maxUnpool2d(x, g), heaviside(x))` by an unpooling of the masked gradient. */
export function maskBeforePooling(graph: Graph): Graph {
  const uses = countUses(graph)
  return rewrite(graph, (value, { rebuilt }) => {
    const product = madeBy(value, 'mul')
    if (!product) return undefined
    for (const [spread, mask] of [product.inputs, product.inputs.toReversed()]) {
      const unpooled = uses.get(spread) === 1 ? madeBy(spread, 'maxUnpool2d') : undefined
      if (!unpooled || madeBy(mask, 'heaviside')?.inputs[0] !== unpooled.inputs[0]) continue
      const { attributes } = unpooled
      const [x, slope] = unpooled.inputs.map(rebuilt)
      const above = apply('heaviside', [apply('maxPool2d', [x], attributes)], {})
      return apply('maxUnpool2d', [x, mul(slope, above)], attributes)
    }
    return undefined
  })
}
