// Slices and paddings of blocked images: pixels that a stride meets, and channels moved by a 1×1 convolution with zeros and ones.
import { constant } from '../../ir/operand.js'
import type { GraphNode, Value } from '../../ir/ops.js'
import { zeros } from '../../tensor/tensor.js'
import { picked } from './convolutions.js'
import { convolved } from './convolved.js'
import type { Layout } from './layout.js'
import { blockedWeight } from './weights.js'

/** `slice`, blocked: of every so many rows or columns, or of channels. */
export function sliced(
  layout: Layout,
  { inputs: [x], attributes: { axis, start, end, step } }: GraphNode<'slice'>
): Value | undefined {
  if (!layout.livesBlocked(x)) return undefined
  if (axis === 1 && step === 1) return moved(layout, x, end - start, -start)
  const reachesEnd = start === 0 && end > Number(x.shape[axis]) - step
  if (axis < 2 || step === 1 || !reachesEnd) return undefined
  return picked(layout, x, { stride: axis === 2 ? [step, 1] : [1, step] })
}

/** `pad`, blocked: with channels of zeros. */
export function padded(
  layout: Layout,
  { inputs: [x], attributes: { before, after, value } }: GraphNode<'pad'>
): Value | undefined {
  if (!layout.livesBlocked(x) || value !== 0) return undefined
  if ([...before, ...after].some((amount, i) => amount !== 0 && i % before.length !== 1)) return undefined
  return moved(layout, x, before[1] + Number(x.shape[1]) + after[1], before[1])
}

/** An image of so many channels, of which each is the one of x that is `by` channels before, or zeros. */
function moved(layout: Layout, x: Value, outputs: number, by: number): Value | undefined {
  if (outputs % layout.block !== 0) return undefined
  const channels = Number(x.shape[1])
  const weight = zeros([outputs, channels, 1, 1])
  for (let output = 0; output < outputs; output++) {
    const channel = output - by
    if (channel >= 0 && channel < channels) weight.data[output * channels + channel] = 1
  }
  const kernels = blockedWeight(layout, constant(weight))
  return convolved(layout, layout.blocked(x), kernels)
}
