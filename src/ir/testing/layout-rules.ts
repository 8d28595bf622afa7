// The reference for the ops of the layout pass: of images in blocked memory, what the plain op computes of them in plain order.
import type { Activation, LayoutOp } from '../ops.js'
import { at, build, offsetOf, type Float64Tensor } from './float64-tensor.js'
import { POOLING_RULES } from './pooling-rules.js'
import { PRODUCT_RULES } from './product-rules.js'
import { REDUCTION_RULES } from './reduction-rules.js'
import type { Rules } from './rule.js'

/** Splits the axes of a shape that lie in blocks, and says where an element of an index lies. */
function offsetIn(shape: readonly number[], blocks: readonly (readonly [axis: number, block: number])[]) {
  const outer = shape.map((size, axis) => size / (blocks.find(([at]) => at === axis)?.[1] ?? 1))
  const memory = [...outer, ...blocks.map(([, block]) => block)]
  return (index: readonly number[]): number => {
    const places = index.map((i, axis) => Math.floor(i / (shape[axis] / outer[axis])))
    return offsetOf([...places, ...blocks.map(([axis, block]) => index[axis] % block)], memory)
  }
}

function inPlainOrder(
  { data, shape }: Float64Tensor,
  ...blocks: (readonly [axis: number, block: number])[]
): Float64Tensor {
  const offset = offsetIn(shape, blocks)
  return { data: build(shape, index => data[offset(index)]), shape }
}

function inBlocks(plain: Float64Array, shape: readonly number[], block: number): Float64Array {
  const offset = offsetIn(shape, [[1, block]])
  const memory = new Float64Array(plain.length)
  build(shape, index => (memory[offset(index)] = plain[offsetOf(index, shape)]))
  return memory
}

const ACTIVATIONS: Readonly<Record<Activation, (x: number) => number>> = {
  none: x => x,
  relu: x => Math.max(x, 0),
  clip: x => Math.min(Math.max(x, 0), 1)
}

/** The rules of the layout pass's ops. */
export const LAYOUT_RULES: Rules<LayoutOp> = {
  take: ([x], { axis, places }, { shape }) =>
    build(shape, index => at(x, index.with(axis, places[index[axis]]))),

  toBlocked: ([x], { block }, { shape }) => inBlocks(x.data, shape, block),

  fromBlocked: ([x], { block }) => inPlainOrder(x, [1, block]).data,

  blockedConv2d([x, weight, bias, sum], { block, activation, ...convolution }, output) {
    const isPlain = x.shape[1] < block
    const image = isPlain ? x : inPlainOrder(x, [1, block])
    const isDense = weight.shape[1] >= block
    const kernels = inPlainOrder(weight, ...(isDense ? [[1, block] as const] : []), [0, block])
    const plain = PRODUCT_RULES.conv2d([image, kernels], convolution, output)
    const met = inBlocks(plain, output.shape, block)
    const shifts = inBlocks(
      build(output.shape, ([, channel]) => at(bias, [channel])),
      output.shape,
      block
    )
    // In this order, which matters where the numbers are far apart.
    return met.map((value, i) => ACTIVATIONS[activation](value + (sum ? sum.data[i] : 0) + shifts[i]))
  },

  blockedMaxPool2d: ([x], { block, ...pooling }, output) =>
    inBlocks(POOLING_RULES.maxPool2d([inPlainOrder(x, [1, block])], pooling, output), output.shape, block),

  blockedMean: ([x], { block }, output) =>
    REDUCTION_RULES.mean([inPlainOrder(x, [1, block])], { axes: [2, 3], keepDims: true }, output)
}
