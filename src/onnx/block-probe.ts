// How a runtime is asked for the length of its blocks: it lays out numbers, of which two side by side are then a block apart.
import { collectGraph, type Graph } from '../ir/graph.js'
import { apply, graphInput } from '../ir/operand.js'
import { Tensor } from '../tensor/tensor.js'

const SHAPE = [1, 32, 1, 2]

/** A graph from `x` to `y`, and its input. */
export function blockProbe(): { readonly graph: Graph; readonly x: Tensor<'float32'> } {
  const x = graphInput('x', SHAPE)
  const y = apply('toBlocked', [x], { block: 1 })
  const numbers = Float32Array.from({ length: 64 }, (_, i) => i)
  return { graph: collectGraph([x], [{ name: 'y', value: y }]), x: new Tensor(numbers, SHAPE, 'float32') }
}

/** The channels of a block, from what the graph gives; undefined where nothing was moved. */
export function blockIn(numbers: ArrayLike<number | bigint>): number | undefined {
  const block = Array.from(numbers, Number).indexOf(1)
  return block > 1 ? block : undefined
}
