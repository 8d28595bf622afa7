// Compares ONNX Runtime with the reference interpreter on one computation.
import { collectGraph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import type { OpName } from '../../ir/ops.js'
import type { DrawnCase, Feed } from '../../ir/testing/drawn-cases.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import { goldenTensor } from '../../ir/testing/golden-cases.js'
import { interpret } from '../../ir/testing/interpret.js'
import { OPSETS, OWN_OPSET } from '../opsets.js'
import { runOnnx } from './run-onnx.js'

/** Kernels sum in float32, in another order. */
const FLOAT32_TOLERANCE = 1e-5
const REDUCED = new Set<OpName>(['sum', 'mean', 'max', 'variance'])
/** The size of the batch `'N'`. */
const BATCH = 3

/** A computation and its inputs, which may be integers. */
interface Case extends DrawnCase {
  readonly feeds: readonly (Feed & { readonly dtype?: 'float32' | 'int64' })[]
}

/**
 * Expects the same result from ONNX Runtime and from the reference interpreter.
 * @param salt varies the numbers that are fed.
 */
export async function expectAgreement({ feeds, build }: Case, salt: number): Promise<void> {
  const values = feeds.map(({ shape, dtype }, i) => graphInput(`x${i}`, shape, dtype))
  const graph = collectGraph(values, [{ name: 'y', value: build(...values) }])
  const tensors = feeds.map(({ shape, positive = false, dtype = 'float32' }, i) => {
    const sizes = shape.map(dim => (dim === 'N' ? BATCH : dim))
    return [`x${i}`, goldenTensor({ shape: sizes, salt: salt + i, positive, dtype })] as const
  })
  const inputs = Object.fromEntries(tensors)
  const { y: expected } = interpret(graph, inputs)
  // Only reductions are written in another form in files than in programs.
  const isReduced = graph.values.some(({ origin }) => origin.kind === 'node' && REDUCED.has(origin.op))
  for (const opset of isReduced ? [OPSETS[0], OWN_OPSET] : [OWN_OPSET]) {
    const { y } = await runOnnx(graph, inputs, opset)
    expectClose(y, expected, FLOAT32_TOLERANCE)
  }
}
