// Every lowering, run by ONNX Runtime, against the reference interpreter: over shapes and options drawn at random.
// A failure prints the seed and the smallest parameters that fail.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { OpName } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
import type { Build } from '../ir/testing/golden-cases.js'
import {
  batch,
  broadcasting,
  convolution,
  convolved,
  dim,
  flags,
  imageSize,
  leftOver,
  maxPooling,
  pair,
  pooling,
  shapeOf,
  wideConvolution
} from '../ir/testing/arbitraries.js'
import { expectAgreement, type Case, type Feed } from './testing/expect-agreement.js'

const RUNS = 80

type Check = () => Promise<void>

function agreeing<P>(parameters: fc.Arbitrary<P>, toCase: (parameters: P) => Case): Check {
  const property = fc.asyncProperty(parameters, fc.nat(100), (drawn, salt) =>
    expectAgreement(toCase(drawn), salt)
  )
  return () => fc.assert(property, { numRuns: RUNS })
}

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
  heaviside: { 'any shape': unary(F.heaviside) },

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
  variance: {
    'any axes': reduction(F.variance),
    'far from zero': reduction((x, dim, options) => F.variance(F.add(x, 100), dim, options))
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
      fc.record({ geometry: convolution, batch, bias: fc.boolean() }),
      ({ geometry: { image, weight, kernel, ...options }, bias, ...p }) => ({
        feeds: [
          { shape: [p.batch, ...image] },
          { shape: [...weight, ...kernel] },
          ...(bias ? [{ shape: [weight[0]] }] : [])
        ],
        build: (x, kernels, shift) => F.conv2d(x, kernels, shift, options)
      })
    )
  },
  convTranspose2d: {
    'any geometry': agreeing(
      fc.record({ geometry: convolution, batch }),
      ({ geometry: { image, weight, kernel, ...options }, ...p }) => ({
        feeds: [
          { shape: [p.batch, weight[0], ...convolved(image, kernel, options)] },
          { shape: [...weight, ...kernel] }
        ],
        build: (y, kernels) =>
          F.convTranspose2d(y, kernels, { ...options, outputPadding: leftOver(image, kernel, options) })
      })
    )
  },
  conv2dWeight: {
    'any geometry': agreeing(
      fc.record({ geometry: convolution, items: dim }),
      ({ geometry: { image, weight, kernel, ...options }, items }) => ({
        feeds: [
          { shape: [items, ...image] },
          { shape: [items, weight[0], ...convolved(image, kernel, options)] }
        ],
        build: (x, y) => F.conv2dWeight(x, y, kernel, options)
      })
    ),
    // As many channels as a kernel has entries: matrices are multiplied, of images that are moved or sliced.
    'many channels': agreeing(
      fc.record({ geometry: wideConvolution, items: dim }),
      ({ geometry: { image, weight, kernel, ...options }, items }) => ({
        feeds: [
          { shape: [items, ...image] },
          { shape: [items, weight[0], ...convolved(image, kernel, options)] }
        ],
        build: (x, y) => F.conv2dWeight(x, y, kernel, options)
      })
    ),
    'many places': async () => {
      const feeds = [{ shape: [2, 3, 21, 20] }, { shape: [2, 4, 21, 20] }]
      await expectAgreement({ feeds, build: (x, y) => F.conv2dWeight(x, y, 1) }, 1)
      await expectAgreement(
        {
          feeds: [{ shape: [2, 9, 21, 20] }, feeds[1]],
          build: (x, y) => F.conv2dWeight(x, y, 3, { padding: 1 })
        },
        2
      )
    }
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
    'any geometry': agreeing(
      fc.record({ pool: maxPooling, batch }),
      ({ pool: { image, kernel, ...p }, batch: items }) => ({
        feeds: [{ shape: image.with(0, items) }],
        build: x => F.maxPool2d(x, kernel, p)
      })
    )
  },
  maxUnpool2d: {
    'any geometry': agreeing(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }],
      // Scaled, so that what comes back differs from what is there.
      build: x => F.maxUnpool2d(x, F.mul(F.maxPool2d(x, kernel, p), 0.5), kernel, p)
    })),
    'any geometry, batch symbolic': agreeing(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: ['N', ...image.slice(1)] }],
      build: x => F.maxUnpool2d(x, F.mul(F.maxPool2d(x, kernel, p), 0.5), kernel, p)
    }))
  },
  maxPool2dAt: {
    'any geometry': agreeing(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }, { shape: image }],
      build: (x, z) => F.maxPool2dAt(x, z, kernel, p)
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
