import { describe, expect, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { interpret } from '../ir/testing/interpret.js'
import { printGraph } from '../ir/text.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { randn } from '../tensor/random/random.js'
import { tensor } from '../tensor/tensor.js'
import { asLines } from './as-lines.js'

const weight = graphInput('weight', [4, 3, 1, 1])
const slope = graphInput('slope', [4, 3, 1, 1])
const rate = graphInput('rate', [])
const fed = {
  weight: randn([4, 3, 1, 1], { generator: new RandomGenerator(1) }),
  slope: randn([4, 3, 1, 1], { generator: new RandomGenerator(2) }),
  rate: tensor([0.25], [])
}
const graphOf = (...values: Value[]): Graph =>
  collectGraph(
    [weight, slope, rate],
    values.map((value, i) => ({ name: `out${i}`, value }))
  )

describe('asLines', () => {
  it('updates the weights of a 1×1 convolution as a line', () => {
    const moved = F.add(F.mul(weight, 0.5), slope)
    const graph = graphOf(F.sub(slope, F.mul(moved, rate)), moved)
    const lined = asLines(graph)
    expect(printGraph(lined)).toMatchInlineSnapshot(`
      "graph(weight: float32[4, 3, 1, 1], slope: float32[4, 3, 1, 1], rate: float32[]) {
        reshape: float32[12] = reshape(weight, shape=[12])
        mul: float32[12] = mul(reshape, 0.5)
        reshape#2: float32[12] = reshape(slope, shape=[12])
        add: float32[12] = add(mul, reshape#2)
        add#2: float32[4, 3, 1, 1] = reshape(add, shape=[4, 3, 1, 1])
        mul#2: float32[12] = mul(add, rate)
        reshape#3: float32[12] = reshape(slope, shape=[12])
        sub: float32[12] = sub(reshape#3, mul#2)
        sub#2: float32[4, 3, 1, 1] = reshape(sub, shape=[4, 3, 1, 1])
        return out0 = sub#2, out1 = add#2
      }"
    `)
    expect(interpret(lined, fed)).toEqual(interpret(graph, fed))
  })

  const pixels = graphInput('pixels', [2, 3, 4, 4])
  const gate = graphInput('gate', [2, 3, 1, 1])
  const batch = graphInput('batch', ['N', 3, 1, 1])
  const single = graphInput('single', [1, 1, 1, 1])
  const others: [string, readonly Value[]][] = [
    ['a number and an image', [F.mul(pixels, rate)]],
    ['a gate and an image', [F.mul(pixels, gate)]],
    ['two thin values that no number meets', [F.add(weight, slope)]],
    ['a value for each row', [F.mul(weight, graphInput('row', [4, 1, 1, 1]))]],
    ['any number of items', [F.mul(batch, 2)]],
    ['one element', [F.mul(single, 2)]]
  ]
  it.each(others)('leaves %s', (_, values) => {
    const inputs = [...new Set(values.flatMap(({ inputs }) => inputs))].filter(
      ({ origin }) => origin.kind === 'input'
    )
    const graph = collectGraph(
      inputs,
      values.map((value, i) => ({ name: `out${i}`, value }))
    )
    expect(asLines(graph)).toEqual(graph)
  })
})
