// The block that this machine's ONNX Runtime lays images out in.
import { collectGraph } from '../../ir/graph.js'
import { apply, graphInput } from '../../ir/operand.js'
import { tensor } from '../../tensor/tensor.js'
import { runOnnx } from './run-onnx.js'

/** The channels of a block; the element beside the first one in a row is as far from it as a block is long. */
export async function findBlock(): Promise<number> {
  const x = graphInput('x', [1, 32, 1, 2])
  const graph = collectGraph([x], [{ name: 'y', value: apply('toBlocked', [x], { block: 1 }) }])
  const { y } = await runOnnx(graph, {
    x: tensor(
      Float32Array.from({ length: 64 }, (_, i) => i),
      [1, 32, 1, 2]
    )
  })
  return y.data.indexOf(1)
}
