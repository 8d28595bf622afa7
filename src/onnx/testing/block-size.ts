// The block that this machine's ONNX Runtime lays images out in.
import { blockIn, blockProbe } from '../block-probe.js'
import { runOnnx } from './run-onnx.js'

/** The channels of a block; 0 where the runtime has none. */
export async function findBlock(): Promise<number> {
  const { graph, x } = blockProbe()
  const { y } = await runOnnx(graph, { x })
  return blockIn(y.data) ?? 0
}
