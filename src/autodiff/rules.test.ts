// Every gradient rule against central differences, over shapes and options drawn at random; and the gradient of every
// gradient. A failure prints the seed and the smallest parameters that fail.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { OpName } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
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
  shapeOf
} from '../ir/testing/arbitraries.js'
import { expectGradients, type GradientCase } from './testing/expect-gradients.js'

const RUNS = 25

type Check = () => void
type Build = GradientCase['build']

function checking<P>(parameters: fc.Arbitrary<P>, toCase: (parameters: P) => GradientCase): Check {
  const property = fc.property(parameters, fc.nat(100), (drawn, salt) => expectGradients(toCase(drawn), salt))
  return () => fc.assert(property, { numRuns: RUNS })
}

const unary = (build: Build, positive = false): Check =>
  checking(fc.oneof(shapeOf(1, 3), fc.constant([])), shape => ({ feeds: [{ shape, positive }], build }))

const binary = (build: Build): Check =>
  checking(broadcasting, ({ a, b }) => ({ feeds: [{ shape: a }, { shape: b, positive: true }], build }))

const reduction = (reduce: typeof F.sum): Check =>
  checking(fc.record({ shape: shapeOf(1), reduced: flags, keepDim: fc.boolean() }), p => ({
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
  heaviside: { 'adds nothing': unary(x => F.mul(F.heaviside(x), x)) },

  add: { broadcasting: binary(F.add) },
  sub: { broadcasting: binary(F.sub) },
  mul: { broadcasting: binary(F.mul), 'a square': unary(x => F.mul(x, x)) },
  div: { broadcasting: binary(F.div), 'below one': unary(x => F.div(x, x), true) },
  maximum: { broadcasting: binary(F.maximum) },
  minimum: { broadcasting: binary(F.minimum) },

  sum: { 'any axes': reduction(F.sum) },
  mean: { 'any axes': reduction(F.mean) },
  max: { 'any axes': reduction(F.amax) },
  variance: { 'any axes': reduction(F.variance) },
  softmax: {
    'any axis': checking(fc.record({ shape: shapeOf(1, 3), axis: fc.nat(2) }), ({ shape, axis }) => ({
      feeds: [{ shape }],
      build: x => F.softmax(x, axis % shape.length)
    })),
    'and its logarithm': checking(
      fc.record({ shape: shapeOf(1, 3), axis: fc.nat(2) }),
      ({ shape, axis }) => ({ feeds: [{ shape }], build: x => F.logSoftmax(x, axis % shape.length) })
    )
  },

  matmul: {
    broadcasting: checking(fc.record({ leading: broadcasting, m: dim, k: dim, n: dim }), p => ({
      feeds: [
        { shape: [...p.leading.a.slice(-2), p.m, p.k] },
        { shape: [...p.leading.b.slice(-2), p.k, p.n] }
      ],
      build: F.matmul
    }))
  },
  linear: {
    'any rank': checking(
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
    'any geometry': checking(
      fc.record({ geometry: convolution, bias: fc.boolean() }),
      ({ geometry: { image, weight, kernel, ...options }, bias }) => ({
        feeds: [
          { shape: [2, ...image] },
          { shape: [...weight, ...kernel] },
          ...(bias ? [{ shape: [weight[0]] }] : [])
        ],
        build: (x, kernels, shift) => F.conv2d(x, kernels, shift, options)
      })
    )
  },
  convTranspose2d: {
    'any geometry': checking(convolution, ({ image, weight, kernel, ...options }) => ({
      feeds: [
        { shape: [2, weight[0], ...convolved(image, kernel, options)] },
        { shape: [...weight, ...kernel] }
      ],
      build: (y, kernels) =>
        F.convTranspose2d(y, kernels, { ...options, outputPadding: leftOver(image, kernel, options) })
    }))
  },
  conv2dWeight: {
    'any geometry': checking(convolution, ({ image, weight, kernel, ...options }) => ({
      feeds: [{ shape: [2, ...image] }, { shape: [2, weight[0], ...convolved(image, kernel, options)] }],
      build: (x, y) => F.conv2dWeight(x, y, kernel, options)
    }))
  },
  batchNorm: {
    'any rank': checking(
      fc.record({ shape: shapeOf(2), eps: fc.constantFrom(1e-5, 1e-3, 0.5) }),
      ({ shape, eps }) => {
        const channel = { shape: [shape[1]] }
        return {
          feeds: [{ shape }, channel, channel, channel, { ...channel, positive: true }],
          build: (x, weight, bias, runningMean, runningVar) =>
            F.batchNorm(x, { weight, bias, runningMean, runningVar }, eps)
        }
      }
    ),
    "with the batch's own statistics": checking(
      fc.record({ items: fc.integer({ min: 2, max: 4 }), channels: dim, size: pair(1, 3) }),
      ({ items, channels, size }) => ({
        feeds: [{ shape: [items, channels, ...size] }, { shape: [channels] }, { shape: [channels] }],
        build: (x, weight, bias) => {
          const [runningMean, runningVar] = [F.mean(x, [0, 2, 3]), F.variance(x, [0, 2, 3])]
          return F.batchNorm(x, { weight, bias, runningMean, runningVar }, 0.1)
        }
      })
    )
  },
  maxPool2d: {
    'any geometry': checking(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }],
      build: x => F.maxPool2d(x, kernel, p)
    }))
  },
  maxUnpool2d: {
    'any geometry': checking(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }],
      build: x => F.maxUnpool2d(x, F.maxPool2d(F.mul(x, x), kernel, p), kernel, p)
    }))
  },
  maxPool2dAt: {
    'any geometry': checking(maxPooling, ({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }, { shape: image }],
      build: (x, z) => F.maxPool2dAt(x, z, kernel, p)
    }))
  },
  avgPool2d: {
    'any geometry': checking(pooling, ({ kernel, ...p }) => ({
      feeds: [{ shape: [p.batch, p.channels, ...imageSize(kernel, p.padding, p.room)] }],
      build: x => F.avgPool2d(x, kernel, p)
    })),
    adaptive: checking(fc.record({ batch, size: pair(1, 7), output: pair(1, 5) }), p => ({
      feeds: [{ shape: [p.batch, 2, ...p.size] }],
      build: x => F.adaptiveAvgPool2d(x, p.output)
    }))
  },

  reshape: {
    'in reverse': checking(shapeOf(1), shape => ({
      feeds: [{ shape }],
      build: x => F.reshape(x, x.shape.toReversed())
    }))
  },
  permute: {
    'any order': checking(
      shapeOf(1).chain(shape => {
        const axes = shape.map((_, axis) => axis)
        const order = fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length })
        return fc.record({ shape: fc.constant(shape), order })
      }),
      ({ shape, order }) => ({ feeds: [{ shape }], build: x => F.permute(x, order) })
    )
  },
  expand: {
    'ones and new axes': checking(
      fc.record({ shape: fc.array(dim, { minLength: 1, maxLength: 4 }), ones: flags, dropped: fc.nat(3) }),
      ({ shape, ones, dropped }) => ({
        feeds: [{ shape: shape.map((size, axis): Dim => (ones[axis] ? 1 : size)).slice(dropped) }],
        build: x => F.expand(x, shape)
      })
    )
  },
  concat: {
    'any axis': checking(
      fc.record({ shape: shapeOf(1), axis: fc.nat(3), sizes: fc.array(dim, { minLength: 1, maxLength: 3 }) }),
      ({ shape, axis, sizes }) => ({
        feeds: sizes.map(size => ({ shape: shape.with(axis % shape.length, size) })),
        build: (...xs) => F.cat(xs, axis % shape.length)
      })
    )
  },
  pad: {
    'any axes': checking(
      fc.record({ shape: shapeOf(1), amounts: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }) }),
      ({ shape, amounts }) => ({
        feeds: [{ shape }],
        build: x => F.pad(x, amounts.slice(0, 2 * shape.length), { value: 2 })
      })
    )
  },
  slice: {
    'any axis': checking(
      fc.record({
        shape: shapeOf(1),
        axis: fc.nat(3),
        start: fc.integer({ min: -5, max: 5 }),
        end: fc.integer({ min: -5, max: 5 }),
        step: fc.integer({ min: 1, max: 3 })
      }),
      ({ shape, axis, start, end, step }) => ({
        feeds: [{ shape }],
        build: x => F.slice(x, axis % shape.length, start, end, step)
      })
    )
  },
  cast: {
    'between floats': unary(x => F.cast(F.exp(F.cast(x, 'float64')), 'float32')),
    'to whole numbers: nothing': unary(x => F.mul(F.cast(F.cast(F.mul(x, 0.47), 'int32'), 'float32'), x))
  }
}

describe.each(Object.entries(CHECKS))('%s', (_, checks) => {
  it.each(Object.entries(checks))('has the slope that differences show: %s', (_name, check) => check())
})
