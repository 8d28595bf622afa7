// The driver: fan-out, pruning, broadcasting, errors, and the graph it builds.
import { describe, expect, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import { collectGraph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { interpret } from '../ir/testing/interpret.js'
import { printGraph } from '../ir/text.js'
import { tensor, type Tensor } from '../tensor/tensor.js'
import { GradientError, gradients } from './gradients.js'

const x = graphInput('x', [3])
const w = graphInput('w', [3])

function textOf(inputs: readonly Value[], value: Value): string {
  return printGraph(collectGraph(inputs, [{ name: 'slope', value }]))
}

function compute(value: Value, inputs: Readonly<Record<string, Tensor>>): number[] {
  const known = [x, w].filter(each => each.origin.kind === 'input' && each.origin.name in inputs)
  return [...interpret(collectGraph(known, [{ name: 'y', value }]), inputs).y.data]
}

describe('gradients', () => {
  it('extends the graph of the forward pass', () => {
    const [slope] = gradients(F.sum(F.mul(F.sigmoid(x), w)), [x])
    expect(textOf([x, w], slope)).toMatchInlineSnapshot(`
      "graph(x: float32[3], w: float32[3]) {
        sigmoid: float32[3] = sigmoid(x)
        reshape: float32[1] = reshape(1, shape=[1])
        expand: float32[3] = expand(reshape, shape=[3])
        mul: float32[3] = mul(expand, w)
        sub: float32[3] = sub(1, sigmoid)
        mul#2: float32[3] = mul(sigmoid, sub)
        mul#3: float32[3] = mul(mul, mul#2)
        return slope = mul#3
      }"
    `)
  })

  it('accumulates gradients over several paths', () => {
    const y = F.add(F.mul(x, x), F.add(x, F.exp(x)))
    const [slope] = gradients(F.sum(y), [x])
    const at = [0.5, -1, 2]
    expect(compute(slope, { x: tensor(Float64Array.from(at)) })).toEqual(at.map(v => 2 * v + 1 + Math.exp(v)))
  })

  it('differentiates only the ops between', () => {
    // A cast to integers passes no gradient on, so w gets zeros.
    const counted = F.cast(F.cast(w, 'int64'), 'float32')
    const [slope, none] = gradients(F.sum(F.mul(counted, x)), [x, w])
    expect(compute(none, {})).toEqual([0, 0, 0])
    expect(compute(slope, { x: tensor([1, 2, 3]), w: tensor([1.5, 2.5, -3.5]) })).toEqual([1, 2, -3])
  })

  it('returns zeros for values that the scalar does not depend on', () => {
    const [slope, none] = gradients(F.sum(x), [x, w])
    expect(compute(none, {})).toEqual([0, 0, 0])
    expect(compute(slope, {})).toEqual([1, 1, 1])
  })

  it('takes values for constant that it is told to, but not what else depends on the same', () => {
    const square = F.mul(x, x)
    const cube = F.sum(F.mul(square, x))
    const at = { x: tensor([1, 2, 3]) }
    expect(compute(gradients(cube, [x])[0], at)).toEqual([3, 12, 27])
    expect(compute(gradients(cube, [x], new Set([square]))[0], at)).toEqual([1, 4, 9])
    expect(compute(gradients(cube, [x], new Set([cube]))[0], at)).toEqual([0, 0, 0])
    expect(() => gradients(cube, [x], [square] as never)).toThrow('gradients: constants: expected a Set')
  })

  it('differentiates by inner values, and by the scalar itself', () => {
    const inner = F.mul(x, 3)
    const loss = F.sum(F.mul(inner, inner))
    const [byInner, byLoss] = gradients(loss, [inner, loss])
    expect(compute(byInner, { x: tensor([1, 2, -1]) })).toEqual([18 / 3, 12, -6])
    expect(compute(byLoss, {})).toEqual([1])
  })

  it('sums over broadcast axes', () => {
    const bias = graphInput('bias', [2, 1])
    const wide = graphInput('wide', [4, 2, 3])
    const [slope] = gradients(F.sum(F.mul(F.add(wide, bias), wide)), [bias])
    expect(slope.shape).toEqual([2, 1])
  })

  it('keeps a symbolic batch if the gradient does not depend on its size', () => {
    const images = graphInput('images', ['N', 3])
    const [slope] = gradients(F.sum(F.mul(images, images)), [images])
    expect(slope.shape).toEqual(['N', 3])
    const [ones] = gradients(F.mul(images, 2), [images])
    const { y } = interpret(collectGraph([images], [{ name: 'y', value: ones }]), {
      images: tensor([1, -2, 0], [1, 3])
    })
    expect([...y.data]).toEqual([2, 2, 2])
  })

  it('names the op whose gradient cannot be computed', () => {
    const images = graphInput('images', ['N', 3])
    expect(() => gradients(F.mean(images), [images])).toThrow(
      new GradientError(
        'cannot compute the gradient of mean: mean: dimension 0 of [N, 3] must be a number, not the batch symbol'
      )
    )
    expect(() => gradients(F.cast(x, 'int64'), [x])).toThrow(
      new GradientError('only floating-point values have gradients, got int64[3]')
    )
  })

  it('adds small parts first, so that batch normalisation needs two passes over its input', () => {
    const images = graphInput('images', [2, 4, 5, 5])
    const [runningMean, runningVar] = [F.mean(images, [0, 2, 3]), F.variance(images, [0, 2, 3])]
    const scale = graphInput('scale', [4])
    const y = F.batchNorm(images, { weight: scale, bias: scale, runningMean, runningVar })
    const [slope] = gradients(F.sum(F.mul(y, y)), [images])
    const large = collectGraph([images, scale], [{ name: 'slope', value: slope }]).values.filter(
      ({ origin, shape }) =>
        origin.kind === 'node' && origin.op === 'add' && shape.length === 4 && shape[0] === 2
    )
    expect(large).toHaveLength(2)
  })
})
