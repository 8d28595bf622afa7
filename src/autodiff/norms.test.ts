// Normalisations and their gradients against torch and torchvision in float64. Here and not beside the layers, which do not
// know of gradients.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { collectGraph } from '../ir/graph.js'
import { graphInput, state } from '../ir/operand.js'
import { mul, sum } from '../ir/functional/index.js'
import { expectClose } from '../ir/testing/expect-close.js'
import { ROUNDED_CONSTANT_TOLERANCE } from '../ir/testing/golden-cases.js'
import { interpret } from '../ir/testing/interpret.js'
import { BatchNorm2d, FrozenBatchNorm2d, GroupNorm, LayerNorm2d } from '../nn/layers/normalisation.js'
import { EvoNorm2dS0, FilterResponseNormTlu2d } from '../nn/layers/normalised-activation.js'
import type { Module } from '../nn/module/module.js'
import { ResnetError } from '../base/errors.js'
import { tensor } from '../tensor/tensor.js'
import { gradients } from './gradients.js'

interface Golden {
  readonly state: Readonly<Record<string, readonly number[]>>
  readonly x: readonly number[]
  readonly result: readonly number[]
  readonly gradient: readonly number[]
  readonly parameters: Readonly<Record<string, readonly number[]>>
}

const readNorms = (name: string): Record<string, Golden> =>
  (
    JSON.parse(readFileSync(new URL(`../../test/goldens/${name}`, import.meta.url), 'utf8')) as {
      norms: Record<string, Golden>
    }
  ).norms
// Normalisations without a bias are newer than the other goldens.
const norms = {
  ...readNorms('layers.json'),
  ...readNorms('layers-today.json'),
  ...readNorms('models/resnetv2.json')
}

const LAYERS: Readonly<Record<string, Module>> = {
  GroupNorm: new GroupNorm(4, 8),
  'GroupNorm without affine': new GroupNorm(2, 8, { eps: 0.001, affine: false }),
  LayerNorm2d: new LayerNorm2d(8),
  'LayerNorm2d without affine': new LayerNorm2d(8, { eps: 1e-6, elementwiseAffine: false }),
  FrozenBatchNorm2d: new FrozenBatchNorm2d(8),
  'BatchNorm2d without bias': new BatchNorm2d(8, { bias: false, trackRunningStats: false }),
  'GroupNorm without bias': new GroupNorm(4, 8, { bias: false }),
  'LayerNorm2d without bias': new LayerNorm2d(8, { bias: false }),
  EvoNorm2dS0: new EvoNorm2dS0(8, { groups: 4 }),
  FilterResponseNormTlu2d: new FilterResponseNormTlu2d(8)
}

const SHAPE = [2, 8, 3, 2]
const of = (data: readonly number[], shape: readonly number[] = SHAPE) => ({
  data: Float64Array.from(data),
  shape
})

describe.each(Object.entries(norms))('%s', (name, golden) => {
  const layer = LAYERS[name]
  const keys = Object.keys(golden.state)
  layer.loadStateDict(new Map(keys.map(key => [key, tensor(golden.state[key], [8])])))

  it('has the state of torch', () => {
    expect([...layer.stateDict().keys()]).toEqual(keys)
    expect(Array.from(layer.namedParameters(), ([key]) => key)).toEqual(Object.keys(golden.parameters))
  })

  it.each([true, false])("computes torch's values and gradients, in training or not: %s", training => {
    const [x, weights] = [graphInput('x', SHAPE), graphInput('weights', SHAPE)]
    const result = layer.train(training)(x)
    const parameters = [...layer.namedParameters()]
    const found = gradients(sum(mul(result, weights)), [x, ...parameters.map(([, each]) => state(each))])
    const [gradient, ...others] = found.map((value, i) => ({
      name: i === 0 ? 'gradient' : parameters[i - 1][0],
      value
    }))
    const graph = collectGraph([x, weights], [{ name: 'result', value: result }, gradient, ...others])
    const numbers = SHAPE.reduce((count, size) => count * size)
    const weighed = Float64Array.from({ length: numbers }, (_, i) => (((i * 43) % 101) - 50) / 32)
    const results = interpret(graph, {
      x: tensor(Float64Array.from(golden.x), SHAPE),
      weights: tensor(weighed, SHAPE)
    })
    expectClose(results.result, of(golden.result), ROUNDED_CONSTANT_TOLERANCE)
    expectClose(results.gradient, of(golden.gradient), ROUNDED_CONSTANT_TOLERANCE)
    for (const [key, gradient] of Object.entries(golden.parameters)) {
      expectClose(results[key], of(gradient, [8]), ROUNDED_CONSTANT_TOLERANCE)
    }
  })
})

describe('FrozenBatchNorm2d', () => {
  it('loads what a BatchNorm2d saved, also as a part of a network, and nothing else', () => {
    const saved = new BatchNorm2d(8).stateDict()
    expect(new FrozenBatchNorm2d(8).loadStateDict(saved).unexpectedKeys).toEqual([])
    const strange = new Map([...saved, ['num_batches', tensor([0], [])]])
    expect(() => new FrozenBatchNorm2d(8).loadStateDict(strange)).toThrow('num_batches: unexpected')
  })
})

describe('GroupNorm', () => {
  it('refuses groups that do not divide the channels', () => {
    expect(() => new GroupNorm(3, 8)).toThrow(
      new ResnetError('GroupNorm: 8 channels cannot be divided into 3 groups')
    )
    expect(() => new EvoNorm2dS0(8)).toThrow('EvoNorm2dS0: 8 channels cannot be divided into 32 groups')
  })
})
