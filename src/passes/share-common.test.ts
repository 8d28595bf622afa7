import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../autodiff/gradients.js'
import * as F from '../ir/functional/index.js'
import { collectGraph, verify, type Graph } from '../ir/graph.js'
import { constant, graphInput, state } from '../ir/operand.js'
import type { OpName, Value } from '../ir/ops.js'
import { interpret } from '../ir/testing/interpret.js'
import { printGraph } from '../ir/text.js'
import { BatchNorm2d } from '../nn/layers/normalisation.js'
import { Dropout } from '../nn/layers/dropout.js'
import { Sequential } from '../nn/layers/containers.js'
import { Parameter } from '../nn/module/parameter.js'
import { traceTraining } from '../nn/trace/trace.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { rand, randn } from '../tensor/random/random.js'
import { ones, tensor, type Tensor } from '../tensor/tensor.js'
import { shareCommon } from './share-common.js'

const SHAPE = [2, 3]
const x = graphInput('x', SHAPE)
const y = graphInput('y', SHAPE)

const graphOf = (...values: Value[]): Graph =>
  collectGraph(
    [x, y],
    values.map((value, i) => ({ name: `out${i}`, value }))
  )
const count = ({ values }: Graph, op: OpName): number =>
  values.filter(({ origin }) => origin.kind === 'node' && origin.op === op).length
/** Whether the pass merges two values. */
const becomeOne = (a: Value, b: Value): boolean => {
  const [first, second] = shareCommon(graphOf(a, b)).outputs
  return first.value === second.value
}

describe('shareCommon', () => {
  it('merges equal computations, also if only their merged operands are equal', () => {
    const branch = (): Value => F.relu(F.add(F.mul(x, y), F.exp(x)))
    const graph = shareCommon(graphOf(F.sub(branch(), F.neg(branch()))))
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph(x: float32[2, 3], y: float32[2, 3]) {
        mul: float32[2, 3] = mul(x, y)
        exp: float32[2, 3] = exp(x)
        add: float32[2, 3] = add(mul, exp)
        relu: float32[2, 3] = relu(add)
        neg: float32[2, 3] = neg(relu)
        sub: float32[2, 3] = sub(relu, neg)
        return out0 = sub
      }"
    `)
  })

  it('distinguishes the order of operands and the values of attributes', () => {
    expect(becomeOne(F.sub(x, y), F.sub(x, y))).toBe(true)
    expect(becomeOne(F.sub(x, y), F.sub(y, x))).toBe(false)
    expect(becomeOne(F.add(x, y), F.mul(x, y))).toBe(false)
    expect(becomeOne(F.softmax(x, 0), F.softmax(x, 1))).toBe(false)
    expect(becomeOne(F.sum(x, 1, { keepDim: true }), F.sum(x, 1))).toBe(false)
    expect(becomeOne(F.sum(x, 1), F.sum(x, 0))).toBe(false)
    expect(becomeOne(F.cast(x, 'int32'), F.cast(x, 'int64'))).toBe(false)
    expect(becomeOne(F.reshape(x, [3, 2]), F.reshape(x, [6]))).toBe(false)
    expect(becomeOne(F.slice(x, 1, 0, 2), F.slice(x, 1, 1, 3))).toBe(false)
    expect(becomeOne(F.slice(x, 1, 0, 2), F.slice(x, 1, 0, 2))).toBe(true)
  })

  it('distinguishes attributes that are equal in JSON', () => {
    const numbers = [-Infinity, Infinity, NaN, 0, -0]
    const padded = (value: number): Value => F.pad(x, [1, 1], { value })
    for (const [i, a] of numbers.entries()) {
      for (const [j, b] of numbers.entries()) {
        expect(becomeOne(padded(a), padded(b)), `padding with ${a} and ${b}`).toBe(i === j)
      }
    }
  })

  it('merges small constants with the same elements, and no others', () => {
    const floats = (...numbers: number[]): Value => constant(tensor(numbers, [numbers.length]))
    expect(becomeOne(floats(1, 2), floats(1, 2))).toBe(true)
    expect(becomeOne(floats(NaN), floats(NaN))).toBe(true)
    expect(becomeOne(floats(0), floats(-0))).toBe(false)
    expect(becomeOne(floats(1, 2), floats(1, 3))).toBe(false)
    expect(becomeOne(floats(1, 2), constant(tensor([1, 2], [2, 1])))).toBe(false)
    expect(becomeOne(floats(1, 2), constant(tensor(Int32Array.of(1, 2), [2])))).toBe(false)
    const long = (number: bigint): Value => constant(tensor(BigInt64Array.of(number), []))
    expect(becomeOne(long(2n ** 53n), long(2n ** 53n + 1n))).toBe(false)
    expect(becomeOne(F.mul(x, 2), F.mul(x, 2))).toBe(true)
    expect(becomeOne(F.mul(x, 2), F.mul(x, 3))).toBe(false)
  })

  it('does not merge parameters with the same initial values', () => {
    const [a, b] = [new Parameter(ones(SHAPE)), new Parameter(ones(SHAPE))]
    expect(becomeOne(F.mul(x, a), F.mul(x, b))).toBe(false)
    expect(becomeOne(F.mul(x, a), F.mul(x, a))).toBe(true)
    const graph = shareCommon(graphOf(F.add(F.mul(x, a), F.mul(x, b))))
    expect(graph.values.filter(({ origin }) => origin.kind === 'state')).toEqual([state(a), state(b)])
  })

  it('does not merge the noise of dropout layers', () => {
    const net = new Sequential(new Dropout(0.4), new Dropout(0.4)).train()
    const { input: fed, output, effects } = traceTraining(net, SHAPE)
    const graph = collectGraph([fed, ...effects.noise], [{ name: 'logits', value: output }])
    const shared = shareCommon(graph)
    expect(effects.noise).toHaveLength(2)
    expect(shared.inputs).toEqual(graph.inputs)
    expect(count(shared, 'heaviside')).toBe(2)
  })

  it('keeps all inputs and outputs, even if two outputs become one value', () => {
    const shared = shareCommon(
      collectGraph(
        [x, y],
        [
          { name: 'first', value: F.relu(x) },
          { name: 'second', value: F.relu(x) },
          { name: 'same', value: x }
        ]
      )
    )
    expect(shared.inputs).toEqual([x, y])
    expect(shared.outputs.map(({ name }) => name)).toEqual(['first', 'second', 'same'])
    expect(count(shared, 'relu')).toBe(1)
    const fed = { x: tensor([-1, 2, -3, 4, -5, 6], SHAPE), y: ones(SHAPE) }
    const { first, second, same } = interpret(shared, fed)
    expect([first.data, second.data]).toEqual([Float64Array.of(0, 2, 0, 4, 0, 6), first.data])
    expect(same.data).toEqual(Float64Array.from(fed.x.data))
  })

  it('merges what gradients repeat of the forward pass, and computes the same', () => {
    const net = new BatchNorm2d(3).train()
    const { input: fed, output, effects } = traceTraining(net, [2, 3, 2, 2])
    const loss = F.sum(F.mul(F.sigmoid(output), output))
    const [slope] = gradients(loss, [fed])
    const updates = [...effects.updates.values()].map((value, i) => ({ name: `next${i}`, value }))
    const graph = collectGraph(
      [fed],
      [{ name: 'loss', value: loss }, { name: 'slope', value: slope }, ...updates]
    )
    const shared = shareCommon(graph)
    expect(count(graph, 'sigmoid') + count(graph, 'mean')).toBeGreaterThan(2)
    expect(count(shared, 'sigmoid') + count(shared, 'mean')).toBe(2)
    const given = { x: randn([2, 3, 2, 2], { generator: new RandomGenerator(1) }) }
    expect(interpret(shared, given)).toEqual(interpret(graph, given))
  })
})

const unary = fc
  .constantFrom(F.neg, F.abs, F.relu, F.heaviside, F.sigmoid, F.tanh)
  .map(op => (a: Value) => op(a))
const binary = fc.constantFrom(F.add, F.sub, F.mul, F.maximum, F.minimum)
const scaled = fc.constantFrom(0, -0, 0.5, 2).map(factor => (a: Value) => F.mul(a, factor))
const along = fc.record({ op: fc.constantFrom(F.sum, F.mean), axis: fc.constantFrom(0, 1) }).map(
  ({ op, axis }) =>
    (a: Value, b: Value) =>
      F.add(op(a, axis, { keepDim: true }), b)
)
const softened = fc.constantFrom(0, 1).map(axis => (a: Value) => F.softmax(a, axis))
const step = fc.record({
  op: fc.oneof(unary, binary, scaled, along, softened),
  // Few operands, so that many computations repeat.
  operands: fc.tuple(fc.nat(3), fc.nat(3))
})

describe('random graphs', () => {
  const parameter = new Parameter(randn(SHAPE, { generator: new RandomGenerator(2) }))
  const build = (
    steps: readonly { op: (a: Value, b: Value) => Value; operands: [number, number] }[]
  ): Graph => {
    const pool: Value[] = [x, y, state(parameter)]
    for (const { op, operands } of steps) {
      const [a, b] = operands.map(at => pool[at % pool.length])
      pool.push(op(a, b))
    }
    return graphOf(...pool)
  }
  const given: Record<string, Tensor> = {
    x: randn(SHAPE, { generator: new RandomGenerator(3) }),
    y: rand(SHAPE, { generator: new RandomGenerator(4) })
  }

  it('compute exactly the same, each computation once', () => {
    let saved = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }), steps => {
        const graph = build(steps)
        const shared = shareCommon(graph)
        verify(shared)
        expect(interpret(shared, given)).toEqual(interpret(graph, given))
        const computations = shared.values.flatMap(({ origin }) =>
          origin.kind === 'node'
            ? [
                `${origin.op} ${origin.inputs.map(({ id }) => id).join()} ${JSON.stringify(origin.attributes)}`
              ]
            : []
        )
        expect(new Set(computations).size).toBe(computations.length)
        expect(shareCommon(shared).values.length).toBe(shared.values.length)
        saved += graph.values.length - shared.values.length
      }),
      { numRuns: 200, seed: 5 }
    )
    expect(saved).toBeGreaterThan(200)
  })
})
