// Every lowering, run by ONNX Runtime, against the reference interpreter: over shapes and options drawn at random.
// A failure prints the seed and the smallest parameters that fail.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { OpName, Pair } from '../ir/ops.js'
import type { Dim, Shape } from '../ir/shape.js'
import type { Build } from '../ir/testing/golden-cases.js'
import { expectAgreement, type Case, type Feed } from './testing/expect-agreement.js'

const RUNS = 80

type Check = () => Promise<void>

function agreeing<P>(parameters: fc.Arbitrary<P>, toCase: (parameters: P) => Case): Check {
  const property = fc.asyncProperty(parameters, fc.nat(100), (drawn, salt) =>
    expectAgreement(toCase(drawn), salt)
  )
  return () => fc.assert(property, { numRuns: RUNS })
}

const dim = fc.integer({ min: 1, max: 4 })
const batch = fc.constantFrom<Dim>('N', 1, 2)
const pair = (min: number, max: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
const shapeOf = (minRank: number, maxRank = 4): fc.Arbitrary<Shape> =>
  fc
    .tuple(batch, fc.array(dim, { minLength: minRank - 1, maxLength: maxRank - 1 }))
    .map(([first, rest]) => [first, ...rest])
const flags = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })

/** Two shapes that broadcast to one: each may have ones where the other does not, or lack leading axes. */
const broadcasting = fc
  .record({
    shape: shapeOf(1),
    ones: fc.array(fc.constantFrom('a', 'b', 'neither'), { minLength: 4, maxLength: 4 }),
    lacking: fc.constantFrom('a', 'b', 'neither'),
    axes: fc.nat(4)
  })
  .map(({ shape, ones, lacking, axes }) => {
    const operand = (name: 'a' | 'b'): Shape =>
      shape
        .map((size, axis): Dim => (ones[axis] === name ? 1 : size))
        .slice(lacking === name ? Math.min(axes, shape.length) : 0)
    return { a: operand('a'), b: operand('b') }
  })

const unary = (build: Build, positive = false): Check =>
  agreeing(fc.oneof(shapeOf(1), fc.constant([])), shape => ({ feeds: [{ shape, positive }], build }))

const binary = (build: Build): Check =>
  agreeing(broadcasting, ({ a, b }) => ({ feeds: [{ shape: a }, { shape: b, positive: true }], build }))

const reduction = (reduce: typeof F.sum): Check =>
  agreeing(fc.record({ shape: shapeOf(1), reduced: flags, keepDim: fc.boolean() }), p => ({
    feeds: [p],
    build: x =>
      reduce(
        x,
        p.shape.flatMap((_, axis) => (p.reduced[axis] ? [axis] : [])),
        p
      )
  }))

/**
 * An image that a window of the given reach fits into, with some room. It is at least so large that no dilated window
 * steps over it: ONNX Runtime's maximum of padding alone is the least finite float, not −∞.
 */
const imageSize = (reach: Pair, padding: Pair, room: Pair, least: Pair = [1, 1]): Pair => [
  Math.max(least[0], reach[0] - 2 * padding[0] + room[0]),
  Math.max(least[1], reach[1] - 2 * padding[1] + room[1])
]
const reachOf = (kernel: Pair, dilation: Pair): Pair => [
  dilation[0] * (kernel[0] - 1) + 1,
  dilation[1] * (kernel[1] - 1) + 1
]

const pooling = fc
  .record({
    batch,
    channels: dim,
    kernel: pair(1, 3),
    stride: pair(1, 4),
    dilation: pair(1, 3),
    padded: fc.tuple(fc.boolean(), fc.boolean()),
    room: pair(0, 5),
    ceilMode: fc.boolean(),
    countIncludePad: fc.boolean()
  })
  .map(({ padded, ...rest }) => {
    // torch allows at most half a window of padding.
    const half = (axis: 0 | 1): number => (padded[axis] ? Math.floor(rest.kernel[axis] / 2) : 0)
    return { ...rest, padding: [half(0), half(1)] as const }
  })

const CHECKS: Readonly<Record<OpName, Readonly<Record<string, Check>>>> = {
  neg: { 'any shape': unary(F.neg) },
  abs: { 'any shape': unary(F.abs) },
  exp: { 'any shape': unary(F.exp) },
  log: { 'any shape': unary(F.log, true) },
  sqrt: { 'any shape': unary(F.sqrt, true) },
  tanh: { 'any shape': unary(F.tanh) },
  erf: { 'any shape': unary(F.erf) },
  sigmoid: { 'any shape': unary(F.sigmoid) },
  relu: { 'any shape': unary(F.relu) },

  add: { broadcasting: binary(F.add) },
  sub: { broadcasting: binary(F.sub) },
  mul: { broadcasting: binary(F.mul) },
  div: { broadcasting: binary(F.div) },
  maximum: { broadcasting: binary(F.maximum) },
  minimum: { broadcasting: binary(F.minimum) },

  sum: { 'any axes': reduction(F.sum) },
  max: { 'any axes': reduction(F.amax) },
  mean: {
    'any axes': reduction(F.mean),
    'over images': agreeing(fc.record({ shape: shapeOf(4), keepDim: fc.boolean() }), p => ({
      feeds: [p],
      build: x => F.mean(x, [2, 3], p)
    }))
  },
  softmax: {
    'any axis': agreeing(fc.record({ shape: shapeOf(1), axis: fc.nat(3) }), ({ shape, axis }) => ({
      feeds: [{ shape }],
      build: x => F.softmax(x, axis % shape.length)
    }))
  },

  matmul: {
    broadcasting: agreeing(fc.record({ leading: broadcasting, m: dim, k: dim, n: dim }), p => ({
      feeds: [
        { shape: [...p.leading.a.slice(-2), p.m, p.k] },
        { shape: [...p.leading.b.slice(-2), p.k, p.n] }
      ],
      build: F.matmul
    })),
    'the batch as a matrix axis': agreeing(fc.record({ m: dim, n: dim }), ({ m, n }) => ({
      feeds: [{ shape: [m, 'N'] }, { shape: ['N', n] }],
      build: F.matmul
    }))
  },
  linear: {
    'any rank': agreeing(
      fc.record({
        leading: fc.oneof(shapeOf(1, 3), fc.constant([])),
        from: dim,
        to: dim,
        bias: fc.boolean()
      }),
      ({ leading, from, to, bias }) => ({
        feeds: [{ shape: [...leading, from] }, { shape: [to, from] }, ...(bias ? [{ shape: [to] }] : [])],
        build: F.linear
      })
    )
  },
  conv2d: {
    'any geometry': agreeing(
      fc.record({
        batch,
        groups: fc.integer({ min: 1, max: 3 }),
        perGroup: fc.integer({ min: 1, max: 3 }),
        outPerGroup: fc.integer({ min: 1, max: 3 }),
        kernel: pair(1, 3),
        stride: pair(1, 3),
        padding: pair(0, 2),
        dilation: pair(1, 3),
        room: pair(0, 4),
        bias: fc.boolean()
      }),
      ({ kernel, groups, perGroup, outPerGroup, bias, ...p }) => {
        const size = imageSize(reachOf(kernel, p.dilation), p.padding, p.room)
        return {
          feeds: [
            { shape: [p.batch, groups * perGroup, ...size] },
            { shape: [groups * outPerGroup, perGroup, ...kernel] },
            ...(bias ? [{ shape: [groups * outPerGroup] }] : [])
          ],
          build: (x, weight, shift) => F.conv2d(x, weight, shift, { ...p, groups })
        }
      }
    )
  },
  batchNorm: {
    'any rank': agreeing(
      fc.record({ shape: shapeOf(2), eps: fc.constantFrom(1e-5, 1e-3, 0.5) }),
      ({ shape, eps }) => {
        const channel: Feed = { shape: [shape[1]] }
        return {
          feeds: [{ shape }, channel, channel, channel, { ...channel, positive: true }],
          build: (x, weight, bias, runningMean, runningVar) =>
            F.batchNorm(x, { weight, bias, runningMean, runningVar }, eps)
        }
      }
    )
  },
  maxPool2d: {
    'any geometry': agreeing(pooling, ({ kernel, ...p }) => ({
      feeds: [
        {
          shape: [
            p.batch,
            p.channels,
            ...imageSize(reachOf(kernel, p.dilation), p.padding, p.room, p.dilation)
          ]
        }
      ],
      build: x => F.maxPool2d(x, kernel, p)
    }))
  },
  avgPool2d: {
    'any geometry': agreeing(pooling, ({ kernel, ...p }) => ({
      feeds: [{ shape: [p.batch, p.channels, ...imageSize(kernel, p.padding, p.room)] }],
      build: x => F.avgPool2d(x, kernel, p)
    })),
    adaptive: agreeing(fc.record({ batch, size: pair(1, 7), output: pair(1, 5) }), p => ({
      feeds: [{ shape: [p.batch, 2, ...p.size] }],
      build: x => F.adaptiveAvgPool2d(x, p.output)
    }))
  },

  reshape: {
    'the batch anywhere': agreeing(
      fc.record({ shape: shapeOf(1), place: fc.nat(3), inferred: fc.option(fc.nat(3)) }),
      ({ shape, place, inferred }) => {
        const [first, ...rest] = shape
        const target = rest.toReversed().toSpliced(place, 0, first)
        return {
          feeds: [{ shape }],
          build: x => F.reshape(x, inferred === null ? target : target.with(inferred % target.length, -1))
        }
      }
    ),
    'merged and split': agreeing(
      fc.record({ batch, a: dim, b: dim, c: dim }),
      ({ batch: first, a, b, c }) => ({
        feeds: [{ shape: [a, first, b * c] }],
        build: x => F.reshape(F.flatten(F.reshape(x, [first, a * b, -1]), 1), [c, b, first, a])
      })
    )
  },
  permute: {
    'any order': agreeing(
      shapeOf(1).chain(shape => {
        const axes = shape.map((_, axis) => axis)
        const order = fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length })
        return fc.record({ shape: fc.constant(shape), order })
      }),
      ({ shape, order }) => ({ feeds: [{ shape }], build: x => F.permute(x, order) })
    )
  },
  expand: {
    'ones and new axes': agreeing(
      fc.record({ shape: shapeOf(1), ones: flags, dropped: fc.nat(3) }),
      ({ shape, ones, dropped }) => {
        const from = shape.map((size, axis): Dim => (size !== 'N' && ones[axis] ? 1 : size))
        return {
          feeds: [{ shape: from.slice(from[0] === 'N' ? 0 : Math.min(dropped, from.length)) }],
          build: x => F.expand(x, shape)
        }
      }
    )
  },
  concat: {
    'any axis but the batch': agreeing(
      fc.record({ shape: shapeOf(2), axis: fc.nat(2), sizes: fc.array(dim, { minLength: 1, maxLength: 3 }) }),
      ({ shape, axis, sizes }) => {
        const along = 1 + (axis % (shape.length - 1))
        return {
          feeds: sizes.map(size => ({ shape: shape.with(along, size) })),
          build: (...xs) => F.cat(xs, along)
        }
      }
    )
  },
  pad: {
    'any axes but the batch': agreeing(
      fc.record({
        shape: shapeOf(1),
        amounts: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
        value: fc.constantFrom(0, -1.5, 7)
      }),
      ({ shape, amounts, value }) => ({
        feeds: [{ shape }],
        build: x => F.pad(x, amounts.slice(0, 2 * (shape.length - 1)), { value })
      })
    )
  },
  slice: {
    'any axis but the batch': agreeing(
      fc.record({
        shape: shapeOf(2),
        axis: fc.nat(2),
        start: fc.integer({ min: -5, max: 5 }),
        end: fc.integer({ min: -5, max: 5 }),
        step: fc.integer({ min: 1, max: 3 })
      }),
      ({ shape, axis, start, end, step }) => ({
        feeds: [{ shape }],
        build: x => F.slice(x, 1 + (axis % (shape.length - 1)), start, end, step)
      })
    )
  },
  cast: {
    'to what can be handed out': agreeing(
      fc.record({
        shape: shapeOf(1),
        dtype: fc.constantFrom('float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'bool')
      }),
      ({ shape, dtype }) => ({ feeds: [{ shape }], build: x => F.cast(x, dtype) })
    ),
    // No kernel says what becomes of a negative number here.
    'to uint8': unary(x => F.cast(x, 'uint8'), true),
    'there and back': agreeing(
      fc.record({
        shape: shapeOf(1),
        dtype: fc.constantFrom('bfloat16', 'float16', 'int64', 'int32', 'bool')
      }),
      ({ shape, dtype }) => ({ feeds: [{ shape }], build: x => F.cast(F.cast(x, dtype), 'float32') })
    )
  }
}

describe.each(Object.entries(CHECKS))('%s', (_, checks) => {
  it.each(Object.entries(checks))('agrees with the reference: %s', (_name, check) => check())
})
