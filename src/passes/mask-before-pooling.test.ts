import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gradients } from '../autodiff/gradients.js'
import * as F from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { apply, graphInput } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { interpret } from '../ir/testing/interpret.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { tensor } from '../tensor/tensor.js'
import { maskBeforePooling } from './mask-before-pooling.js'

it("masks the gradient before the pooling's gradient, to the same numbers", () => {
  const pooling = fc.record({
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 1 }),
    rows: fc.integer({ min: 3, max: 7 }),
    columns: fc.integer({ min: 3, max: 7 }),
    seed: fc.nat(1000)
  })
  fc.assert(
    fc.property(pooling, ({ kernel, stride, padding, rows, columns, seed }) => {
      if (padding * 2 > kernel) return
      const shape = [2, 3, rows, columns]
      const x = graphInput('x', shape)
      const pooled = F.maxPool2d(F.relu(x), kernel, { stride, padding })
      const [slope] = gradients(F.sum(F.mul(pooled, F.sub(pooled, 0.5))), [x])
      const graph = collectGraph([x], [{ name: 'slope', value: slope }])
      const rewritten = maskBeforePooling(graph)
      expect(rewritten).not.toEqual(graph)
      // Few values, so that windows have equal maxima, and many below zero.
      const random = new RandomGenerator(seed).uniform(6 * rows * columns)
      const fed = {
        x: tensor(
          random.map(each => Math.round(each * 6) - 4),
          shape
        )
      }
      // Zeros may have either sign.
      const found = (of: Graph): number[] => Array.from(interpret(of, fed).slope.data, each => each + 0)
      expect(found(rewritten)).toEqual(found(graph))
    }),
    { seed: 3 }
  )
})

const pooling = { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const
const x = graphInput('x', [1, 1, 4, 4])
const other = graphInput('other', [1, 1, 4, 4])
const g = graphInput('g', [1, 1, 2, 2])
const unpooled = apply('maxUnpool2d', [x, g], pooling)
const others: [string, readonly Value[]][] = [
  ['the mask of another value', [F.mul(unpooled, F.heaviside(other))]],
  ['what is no mask', [F.mul(unpooled, F.sigmoid(x))]],
  ['a gradient with another user', [F.mul(unpooled, F.heaviside(x)), F.relu(unpooled)]],
  ['a sum', [F.add(unpooled, F.heaviside(x))]]
]
it.each(others)('leaves %s', (_, values) => {
  const outputs = values.map((value, i) => ({ name: `out${i}`, value }))
  const graph = collectGraph([x, other, g], outputs)
  expect(maskBeforePooling(graph)).toEqual(graph)
})
