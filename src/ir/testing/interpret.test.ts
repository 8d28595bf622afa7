// The reference interpreter against torch in float64, for every op; then inputs, states and errors.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ShapeError } from '../../base/errors.js'
import { tensor, type Tensor } from '../../tensor/tensor.js'
import * as F from '../functional/index.js'
import { collectGraph, GraphError } from '../graph.js'
import { constant, graphInput } from '../operand.js'
import { madeBy, type NetworkOp, type Value } from '../ops.js'
import { erf } from './erf.js'
import { disagreement, expectClose } from './expect-close.js'
import { toFloat64 } from './float64-tensor.js'
import {
  expectedTensor,
  FLOAT64_TOLERANCE,
  goldenGraph,
  goldenTensor,
  interpretGolden,
  type Build,
  type Goldens
} from './golden-cases.js'
import { interpret } from './interpret.js'

const { cases } = JSON.parse(
  readFileSync(new URL('../../../test/goldens/ops/ops.json', import.meta.url), 'utf8')
) as Goldens

const unary = (build: (x: Value) => Value): Record<string, Build> => ({ plain: build })
const binary = (build: (a: Value, b: Value) => Value): Record<string, Build> => ({
  'same shape': build,
  'stretched both ways': build,
  scalar: build
})
const norm =
  (eps: number) =>
  (x: Value, weight: Value, bias: Value, runningMean: Value, runningVar: Value): Value =>
    F.batchNorm(x, { weight, bias, runningMean, runningVar }, eps)

// Exhaustive by its type: an op without a case here does not compile, and one without a golden fails below.
const BUILDS: Readonly<Record<NetworkOp, Readonly<Record<string, Build>>>> = {
  neg: unary(F.neg),
  abs: unary(F.abs),
  exp: unary(F.exp),
  log: unary(F.log),
  sqrt: unary(F.sqrt),
  tanh: unary(F.tanh),
  erf: { plain: F.erf, wide: x => F.erf(F.mul(x, 2)) },
  sigmoid: { plain: F.sigmoid, saturated: x => F.sigmoid(F.mul(x, 256)) },
  relu: unary(F.relu),
  heaviside: unary(F.heaviside),

  add: binary(F.add),
  sub: binary(F.sub),
  mul: binary(F.mul),
  div: { ...binary(F.div), integers: F.div },
  maximum: binary(F.maximum),
  minimum: binary(F.minimum),

  sum: {
    'middle axis': x => F.sum(x, 1),
    'outer axes, kept': x => F.sum(x, [2, 0], { keepDim: true }),
    all: x => F.sum(x)
  },
  mean: {
    'last axis': x => F.mean(x, -1),
    'over images, kept': x => F.mean(x, [2, 3], { keepDim: true }),
    'over images': x => F.mean(x, [-2, -1]),
    all: x => F.mean(x)
  },
  max: {
    'first axis': x => F.amax(x, 0),
    'two axes, kept': x => F.amax(x, [1, 2], { keepDim: true }),
    all: x => F.amax(x)
  },
  variance: {
    'over a batch of images': x => F.variance(x, [0, 2, 3]),
    'last axis, kept': x => F.variance(x, -1, { keepDim: true }),
    'far from zero': x => F.variance(F.add(x, 65536))
  },
  softmax: {
    'last axis': x => F.softmax(x, -1),
    'middle axis': x => F.softmax(x, 1),
    'large values': x => F.softmax(F.mul(x, 512), -1)
  },

  matmul: {
    matrices: F.matmul,
    stacks: F.matmul,
    'broadcast both ways': F.matmul,
    'matrix by stack': F.matmul
  },
  linear: { bias: F.linear, 'no bias': F.linear, 'more axes': F.linear, 'one axis': F.linear },
  conv2d: {
    plain: (x, w) => F.conv2d(x, w),
    bias: (x, w, b) => F.conv2d(x, w, b),
    'stride and padding': (x, w) => F.conv2d(x, w, undefined, { stride: 2, padding: 1 }),
    'one by one': (x, w, b) => F.conv2d(x, w, b, { stride: 2 }),
    groups: (x, w, b) => F.conv2d(x, w, b, { groups: 2, padding: 1 }),
    depthwise: (x, w) => F.conv2d(x, w, undefined, { groups: 3 }),
    dilation: (x, w) => F.conv2d(x, w, undefined, { dilation: [2, 1], padding: [2, 0] }),
    'everything uneven': (x, w, b) =>
      F.conv2d(x, w, b, { stride: [1, 2], padding: [2, 1], dilation: [1, 2], groups: 2 })
  },
  convTranspose2d: {
    plain: (y, w) => F.convTranspose2d(y, w),
    padding: (y, w) => F.convTranspose2d(y, w, { padding: 1 }),
    stride: (y, w) => F.convTranspose2d(y, w, { stride: 2, padding: 1, outputPadding: 1 }),
    'everything uneven': (y, w) =>
      F.convTranspose2d(y, w, {
        stride: [1, 2],
        padding: [2, 1],
        outputPadding: [0, 1],
        dilation: [2, 1],
        groups: 2
      })
  },
  conv2dWeight: {
    plain: (x, y) => F.conv2dWeight(x, y, 3),
    'stride and padding': (x, y) => F.conv2dWeight(x, y, 3, { stride: 2, padding: 1 }),
    groups: (x, y) => F.conv2dWeight(x, y, 3, { padding: 1, groups: 2 }),
    'everything uneven': (x, y) =>
      F.conv2dWeight(x, y, [2, 3], { stride: [1, 2], padding: [2, 1], dilation: [1, 2], groups: 2 })
  },
  batchNorm: { images: norm(1e-5), vectors: norm(1e-3) },
  maxPool2d: {
    plain: x => F.maxPool2d(x, 2),
    "resnet's stem": x => F.maxPool2d(x, 3, { stride: 2, padding: 1 }),
    'below zero': x => F.maxPool2d(F.sub(F.neg(F.abs(x)), 1), 3, { stride: 2, padding: 1 }),
    'ceil mode': x => F.maxPool2d(x, 2, { ceilMode: true }),
    'ceil mode, window dropped': x => F.maxPool2d(x, 2, { stride: 3, padding: 1, ceilMode: true }),
    'everything uneven': x =>
      F.maxPool2d(x, [2, 3], { stride: [2, 1], padding: [1, 1], dilation: [2, 2], ceilMode: true })
  },
  maxUnpool2d: {
    plain: (x, y) => F.maxUnpool2d(x, y, 2),
    'windows overlap': (x, y) => F.maxUnpool2d(x, y, 3, { stride: 2, padding: 1 }),
    'equal values': (x, y) => F.maxUnpool2d(F.heaviside(x), y, 3, { stride: 2, padding: 1 })
  },
  maxPool2dAt: {
    'windows overlap': (x, z) => F.maxPool2dAt(x, z, 3, { stride: 2, padding: 1 }),
    'equal values': (x, z) => F.maxPool2dAt(F.heaviside(x), z, 2)
  },
  avgPool2d: {
    plain: x => F.avgPool2d(x, 2),
    'padding counts': x => F.avgPool2d(x, 3, { stride: 2, padding: 1 }),
    'padding does not count': x => F.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
    'ceil mode': x => F.avgPool2d(x, 2, { ceilMode: true }),
    'ceil mode, padding counts': x => F.avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }),
    'ceil mode, padding does not count': x =>
      F.avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
    'ceil mode, window dropped, padding counts': x =>
      F.avgPool2d(x, 2, { stride: 3, padding: 1, ceilMode: true }),
    'ceil mode, window dropped, padding does not count': x =>
      F.avgPool2d(x, 2, { stride: 3, padding: 1, ceilMode: true, countIncludePad: false }),
    'everything uneven': x => F.avgPool2d(x, [2, 5], { stride: [3, 2], padding: [1, 2], ceilMode: true })
  },

  reshape: { inferred: x => F.reshape(x, [4, -1]), 'to a scalar': x => F.reshape(x, []) },
  permute: { cycle: x => F.permute(x, [1, 2, 0]), image: x => F.permute(x, [0, -1, 1, 2]) },
  expand: { stretched: x => F.expand(x, [2, 3, 4]), 'new axes': x => F.expand(x, [2, 3, 4]) },
  concat: { 'first axis': (...xs) => F.cat(xs), 'three, last axis': (...xs) => F.cat(xs, -1) },
  pad: { zeros: x => F.pad(x, [1, 2]), 'a value, two axes': x => F.pad(x, [0, 1, 2, 0], { value: -1.5 }) },
  slice: {
    step: x => F.slice(x, 2, 1, Infinity, 2),
    'negative ends': x => F.slice(x, 1, -2, -1),
    'beyond the end': x => F.slice(x, 1, 1, 99),
    empty: x => F.slice(x, 1, 2, 1)
  },
  cast: {
    'to int64': x => F.cast(x, 'int64'),
    'to int32': x => F.cast(F.mul(x, 64), 'int32'),
    'to uint8': x => F.cast(x, 'uint8'),
    'to int8': x => F.cast(F.mul(x, 16), 'int8'),
    'to int16': x => F.cast(F.mul(x, 16), 'int16'),
    'to bool': x => F.cast(x, 'bool'),
    'integers to float': x => F.cast(x, 'float32')
  }
}

describe.each(Object.entries(BUILDS))('%s', (op, builds) => {
  it('has exactly the golden cases', () => {
    expect(Object.keys(cases[op])).toEqual(Object.keys(builds))
    expect(Object.keys(builds)).not.toHaveLength(0)
  })

  it.each(Object.entries(builds))('equals torch: %s', (name, build) => {
    const golden = cases[op][name]
    const graph = goldenGraph(golden, build)
    expect(graph.values.some(value => madeBy(value, op as NetworkOp))).toBe(true)
    expectClose(interpretGolden(golden, graph), expectedTensor(golden), FLOAT64_TOLERANCE)
  })
})

describe('erf', () => {
  it('equals torch to a few ulps, on both sides of the switch of formulas', () => {
    const golden = cases.erf.wide
    const xs = golden.inputs.flatMap(each => [...toFloat64(goldenTensor(each)).data])
    for (const [i, x] of xs.entries()) {
      const expected = golden.expected.data[i]
      const allowed = 4 * Number.EPSILON * Math.abs(expected)
      expect(Math.abs(erf(2 * x) - expected), `erf(${2 * x})`).toBeLessThanOrEqual(allowed)
    }
  })

  it('has the right limits', () => {
    expect([-Infinity, -7, 0, 7, Infinity].map(erf)).toEqual([-1, -1, 0, 1, 1])
    expect(erf(NaN)).toBeNaN()
    expect(erf(1e-300) / 1e-300).toBeCloseTo(2 / Math.sqrt(Math.PI), 15)
  })
})

describe('interpret', () => {
  const double = (value: Value): Value => F.add(value, value)

  it('takes the batch size from the inputs', () => {
    const x = graphInput('x', ['N', 2])
    const graph = collectGraph([x], [{ name: 'y', value: F.reshape(double(x), [-1, 1, 2]) }])
    for (const batch of [1, 3]) {
      const { y } = interpret(graph, { x: tensor(new Float32Array(batch * 2).fill(1.5), [batch, 2]) })
      expect(y).toEqual({ data: new Float64Array(batch * 2).fill(3), shape: [batch, 1, 2] })
    }
  })

  it('reads states from their holders at every run', () => {
    const holder = { shape: [2], dtype: 'float32', data: tensor([1, 2]) as Tensor } as const
    const changing = { ...holder }
    const graph = collectGraph([], [{ name: 'y', value: F.neg(changing) }])
    expect([...interpret(graph, {}).y.data]).toEqual([-1, -2])
    changing.data = tensor([5, 6])
    expect([...interpret(graph, {}).y.data]).toEqual([-5, -6])
  })

  it('keeps float64 exact, and reads constants of every dtype', () => {
    const x = graphInput('x', [1])
    const graph = collectGraph([x], [{ name: 'y', value: x }])
    expect(interpret(graph, { x: tensor(Float64Array.of(1 / 3), [1]) }).y.data[0]).toBe(1 / 3)

    const all: Tensor[] = [
      tensor([1.5]),
      tensor(Float64Array.of(1.5)),
      tensor(Uint16Array.of(0x3e00), [1], 'float16'),
      tensor(Uint16Array.of(0x3fc0), [1], 'bfloat16'),
      tensor(BigInt64Array.of(-7n)),
      tensor(Int32Array.of(-7)),
      tensor(Int16Array.of(-7)),
      tensor(Int8Array.of(-7)),
      tensor(Uint8Array.of(7)),
      tensor(Uint8Array.of(1), [1], 'bool')
    ]
    const outputs = all.map(each => ({ name: each.dtype, value: constant(each) }))
    const result = interpret(collectGraph([], outputs), {})
    expect(Object.values(result).map(({ data }) => data[0])).toEqual([
      1.5, 1.5, 1.5, 1.5, -7, -7, -7, -7, 7, 1
    ])
  })

  it('refuses missing, unknown and misshapen inputs', () => {
    const [x, other] = [graphInput('x', ['N', 2]), graphInput('other', ['N'])]
    const graph = collectGraph([x, other], [{ name: 'y', value: F.add(F.sum(x, 1), other) }])
    const two = tensor([1, 2, 3, 4], [2, 2])
    expect(() => interpret(graph, { x: two })).toThrow(
      new GraphError('interpret: no tensor is given for input other')
    )
    expect(() => interpret(graph, { x: two, other: tensor([1, 2]), third: two })).toThrow(
      new GraphError('interpret: the graph has no input named third')
    )
    expect(() => interpret(graph, { x: two, other: tensor([1, 2, 3]) })).toThrow(
      new ShapeError('interpret: input other is [3], expected [N] with N = 2')
    )
    expect(() => interpret(graph, { x: tensor([1, 2, 3], [1, 3]), other: tensor([1]) })).toThrow(
      new ShapeError('interpret: input x is [1, 3], expected [N, 2] with N = 1')
    )
  })
})

describe('expectClose', () => {
  const row = (...values: number[]): { data: Float64Array; shape: number[] } => ({
    data: Float64Array.from(values),
    shape: [1, values.length]
  })

  it('reports the largest error and its position', () => {
    expect(() => expectClose(row(1, 2, 4.5), row(1, 2.25, 4), 1e-3, 'logits')).toThrow(
      'logits: largest error 1.25e-1 at [0, 2]: got 4.5, expected 4 (tolerance 0.001)'
    )
    expect(() => expectClose(row(1, 2), { ...row(1, 2), shape: [2] }, 1e-3, 'logits')).toThrow(
      'logits: shape'
    )
  })

  it('fails on NaN and infinity', () => {
    expect(disagreement([NaN, 1], [0, 1])).toEqual({ error: Infinity, offset: 0 })
    expect(disagreement([0, 1], [0, NaN])).toEqual({ error: Infinity, offset: 1 })
    expect(disagreement([1, Infinity], [1, 3])).toEqual({ error: Infinity, offset: 1 })
    expect(disagreement([NaN, -Infinity, 0], [NaN, -Infinity, -0]).error).toBe(0)
  })
})
