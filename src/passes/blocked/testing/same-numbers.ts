// Whether two forms of a graph compute the same, on the reference interpreter.
import type { Graph } from '../../../ir/graph.js'
import { expectClose } from '../../../ir/testing/expect-close.js'
import { interpret } from '../../../ir/testing/interpret.js'
import { RandomGenerator } from '../../../tensor/random/generator.js'
import { randn } from '../../../tensor/random/random.js'
import { sizeOf, Tensor } from '../../../tensor/tensor.js'

/** float64 on both sides, but what is added to a small variance is a constant of float32. */
const TOLERANCE = 1e-7
const NOTHING = 1e-12

/** Random numbers for a graph's inputs; whole ones are classes from 0 to 2. */
function numbersFor(graph: Graph, seed: number): Record<string, Tensor> {
  const generator = new RandomGenerator(seed)
  return Object.fromEntries(
    graph.inputs.map(value => {
      const shape = value.shape.map(Number)
      const classes = (): BigInt64Array =>
        BigInt64Array.from({ length: sizeOf(shape) }, (_, i) => BigInt(i % 3))
      const numbers =
        value.dtype === 'int64' ? new Tensor(classes(), shape, 'int64') : randn(shape, { generator })
      return [graph.names.get(value) ?? '', numbers]
    })
  )
}

/** Fails unless both forms give the same for random inputs. */
export function expectSameNumbers(plain: Graph, blocked: Graph, seed: number): void {
  const inputs = numbersFor(plain, seed)
  const expected = interpret(plain, inputs)
  for (const [name, found] of Object.entries(interpret(blocked, inputs))) {
    // The mean of what a normalisation has made, say: only rounding is left of it.
    const isNothing = [found, expected[name]].every(({ data }) =>
      data.every(each => Math.abs(each) < NOTHING)
    )
    if (!isNothing) expectClose(found, expected[name], TOLERANCE, name)
  }
}
