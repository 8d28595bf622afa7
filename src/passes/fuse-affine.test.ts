import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../autodiff/gradients.js'
import * as F from '../ir/functional/index.js'
import { collectGraph, verify, type Graph } from '../ir/graph.js'
import { graphInput, state } from '../ir/operand.js'
import type { OpName, Value } from '../ir/ops.js'
import { expectClose } from '../ir/testing/expect-close.js'
import { interpret } from '../ir/testing/interpret.js'
import { printGraph } from '../ir/text.js'
import { BatchNorm2d } from '../nn/layers/normalisation.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Sequential } from '../nn/layers/containers.js'
import { traceTraining } from '../nn/trace/trace.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { manualSeed, randn } from '../tensor/random/random.js'
import { fuseAffine } from './fuse-affine.js'
import { shareCommon } from './share-common.js'

/** Both sides are float64 with the same formula, apart from √1. */
const TOLERANCE = 1e-15

const x = graphInput('x', [2, 3, 4, 5])
const scale = graphInput('scale', [3, 1, 1])
const shift = graphInput('shift', [1, 3, 1, 1])
const fed = {
  x: randn([2, 3, 4, 5], { generator: new RandomGenerator(1) }),
  scale: randn([3, 1, 1], { generator: new RandomGenerator(2) }),
  shift: randn([1, 3, 1, 1], { generator: new RandomGenerator(3) })
}

const graphOf = (...values: Value[]): Graph =>
  collectGraph(
    [x, scale, shift],
    values.map((value, i) => ({ name: `out${i}`, value }))
  )
const count = ({ values }: Graph, op: OpName): number =>
  values.filter(({ origin }) => origin.kind === 'node' && origin.op === op).length

describe('fuseAffine', () => {
  it('fuses a scale and a shift per channel into one op', () => {
    const graph = fuseAffine(graphOf(F.add(F.mul(x, scale), shift)))
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph(x: float32[2, 3, 4, 5], scale: float32[3, 1, 1], shift: float32[1, 3, 1, 1]) {
        reshape: float32[3] = reshape(scale, shape=[3])
        reshape#2: float32[3] = reshape(shift, shape=[3])
        constant: float32[3] = constant
        constant#2: float32[3] = constant
        add: float32[2, 3, 4, 5] = batchNorm(x, reshape, reshape#2, constant, constant#2, eps=0)
        return out0 = add
      }"
    `)
  })

  it('computes the same for any order and shape of the operands', () => {
    const perChannel = fc.record({ flip: fc.boolean(), batch: fc.boolean() })
    const places = fc.record({
      shape: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.nat({ max: 2 })),
      scaled: perChannel,
      shifted: perChannel,
      salt: fc.nat(1000)
    })
    fc.assert(
      fc.property(places, ({ shape, scaled, shifted, salt }) => {
        const [items, channels, rows, columns] = shape.map(size => size + 1)
        const perChannel = (batch: boolean): number[] => [...(batch ? [1] : []), channels, 1, 1]
        const shapes = [[items, channels, rows, columns], perChannel(scaled.batch), perChannel(shifted.batch)]
        const [image, b, c] = shapes.map((each, i) => graphInput(`in${i}`, each))
        const product = scaled.flip ? F.mul(b, image) : F.mul(image, b)
        const value = shifted.flip ? F.add(c, product) : F.add(product, c)
        const graph = collectGraph([image, b, c], [{ name: 'out', value }])
        const fused = fuseAffine(graph)
        verify(fused)
        expect([count(fused, 'batchNorm'), count(fused, 'mul'), count(fused, 'add')]).toEqual([1, 0, 0])
        const given = Object.fromEntries(
          shapes.map((each, i) => [`in${i}`, randn(each, { generator: new RandomGenerator(salt + i) })])
        )
        expectClose(interpret(fused, given).out, interpret(graph, given).out, TOLERANCE)
      }),
      { seed: 6 }
    )
  })

  it('fuses consecutive ops', () => {
    const twice = F.add(F.mul(F.add(F.mul(x, scale), shift), F.exp(scale)), F.neg(shift))
    const graph = graphOf(twice)
    const fused = fuseAffine(graph)
    expect([count(fused, 'batchNorm'), count(fused, 'mul')]).toEqual([2, 0])
    expectClose(interpret(fused, fed).out0, interpret(graph, fed).out0, TOLERANCE)
  })

  const half = F.mul(x, scale)
  const alone = F.mul(shift, scale)
  const square = graphInput('square', [2, 3, 3, 3])
  const volume = graphInput('volume', [3, 4, 5])
  const wide = graphInput('wide', [2, 3, 1, 1])
  const row = graphInput('row', [3])
  const others: [string, readonly Value[]][] = [
    ['a product with another user', [F.add(half, shift), F.relu(half)]],
    ['a product that is an output', [F.add(half, shift), half]],
    ['a product that is also the shift', [F.add(alone, alone)]],
    ['one scale for all channels', [F.add(F.mul(x, 2), shift)]],
    ['one shift for all channels', [F.add(F.mul(x, scale), 1)]],
    ['a shift for each element', [F.add(F.mul(x, scale), x)]],
    ['a scale for each column', [F.add(F.mul(square, row), shift)]],
    ['a scale for each item', [F.add(F.mul(x, wide), shift)]],
    ['three dimensions', [F.add(F.mul(volume, F.reshape(scale, [3, 1, 1])), scale)]],
    ['integers', [F.add(F.mul(F.cast(x, 'int32'), F.cast(scale, 'int32')), F.cast(shift, 'int32'))]],
    ['a difference', [F.sub(F.mul(x, scale), shift)]],
    ['a sum alone', [F.add(x, shift)]]
  ]
  it.each(others)('leaves %s', (_, values) => {
    const graph = collectGraph(
      [x, scale, shift, square, volume, wide, row],
      values.map((value, i) => ({ name: `out${i}`, value }))
    )
    expect(fuseAffine(graph)).toEqual(graph)
  })

  it('fuses the gradients through batch normalisation', () => {
    manualSeed(1)
    const net = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3)).train()
    const { input: image, output } = traceTraining(net, [2, 2, 6, 6])
    const loss = F.sum(F.mul(F.sigmoid(output), output))
    const slopes = gradients(loss, [image, ...Array.from(net.parameters(), state)])
    const graph = collectGraph(
      [image],
      slopes.map((value, i) => ({ name: `slope${i}`, value }))
    )
    const shared = shareCommon(graph)
    const fused = fuseAffine(shared)
    expect(count(fused, 'batchNorm')).toBeGreaterThan(count(shared, 'batchNorm'))
    const given = { x: randn([2, 2, 6, 6], { generator: new RandomGenerator(1) }) }
    const expected = interpret(graph, given)
    // The sums are in another order than in the unfused graph.
    for (const [name, found] of Object.entries(interpret(fused, given))) {
      expectClose(found, expected[name], 1e-13, name)
    }
  })
})
