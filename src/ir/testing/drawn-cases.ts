// Random test cases for ops, shared by the tests of lowerings and of gradients.
import fc from 'fast-check'
import * as F from '../functional/index.js'
import type { NetworkOp, OpName } from '../ops.js'
import type { Shape } from '../shape.js'
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
} from './arbitraries.js'
import type { Build } from './golden-cases.js'

/** An input: its shape, where `'N'` is the batch, and whether its values are positive. */
export interface Feed {
  readonly shape: Shape
  readonly positive?: boolean
}

/** A computation and its inputs. */
export interface DrawnCase {
  readonly feeds: readonly Feed[]
  readonly build: Build
}

/** Cases of one op, by name. */
export type DrawnCases = Readonly<Record<string, fc.Arbitrary<DrawnCase>>>

/** A function of one tensor of any shape. */
export const unary = (build: Build, positive = false): fc.Arbitrary<DrawnCase> =>
  fc.oneof(shapeOf(1), fc.constant([])).map(shape => ({ feeds: [{ shape, positive }], build }))

const binary = (build: Build): fc.Arbitrary<DrawnCase> =>
  broadcasting.map(({ a, b }) => ({ feeds: [{ shape: a }, { shape: b, positive: true }], build }))

/** A reduction over any axes. */
export const reduction = (reduce: typeof F.sum): fc.Arbitrary<DrawnCase> =>
  fc.record({ shape: shapeOf(1), reduced: flags, keepDim: fc.boolean() }).map(p => ({
    feeds: [p],
    build: x =>
      reduce(
        x,
        p.shape.flatMap((_, axis) => (p.reduced[axis] ? [axis] : [])),
        { keepDim: p.keepDim }
      )
  }))

/** Cases for all rules of an op. Ops that are not listed need other cases in each test. */
export const DRAWN_CASES = {
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
  mean: { 'any axes': reduction(F.mean) },
  variance: { 'any axes': reduction(F.variance) },
  softmax: {
    'any axis': fc.record({ shape: shapeOf(1), axis: fc.nat(3) }).map(({ shape, axis }) => ({
      feeds: [{ shape }],
      build: x => F.softmax(x, axis % shape.length)
    }))
  },

  matmul: {
    broadcasting: fc.record({ leading: broadcasting, m: dim, k: dim, n: dim }).map(p => ({
      feeds: [
        { shape: [...p.leading.a.slice(-2), p.m, p.k] },
        { shape: [...p.leading.b.slice(-2), p.k, p.n] }
      ],
      build: F.matmul
    }))
  },
  linear: {
    'any rank': fc
      .record({ leading: fc.oneof(shapeOf(1, 3), fc.constant([])), from: dim, to: dim, bias: fc.boolean() })
      .map(({ leading, from, to, bias }) => ({
        feeds: [{ shape: [...leading, from] }, { shape: [to, from] }, ...(bias ? [{ shape: [to] }] : [])],
        build: F.linear
      }))
  },
  conv2d: {
    'any geometry': fc
      .record({ geometry: convolution, batch, bias: fc.boolean() })
      .map(({ geometry: { image, weight, kernel, ...options }, bias, ...p }) => ({
        feeds: [
          { shape: [p.batch, ...image] },
          { shape: [...weight, ...kernel] },
          ...(bias ? [{ shape: [weight[0]] }] : [])
        ],
        build: (x, kernels, shift) => F.conv2d(x, kernels, shift, options)
      }))
  },
  convTranspose2d: {
    'any geometry': fc
      .record({ geometry: convolution, batch })
      .map(({ geometry: { image, weight, kernel, ...options }, ...p }) => ({
        feeds: [
          { shape: [p.batch, weight[0], ...convolved(image, kernel, options)] },
          { shape: [...weight, ...kernel] }
        ],
        build: (y, kernels) =>
          F.convTranspose2d(y, kernels, { ...options, outputPadding: leftOver(image, kernel, options) })
      }))
  },
  conv2dWeight: {
    'any geometry': fc.record({ geometry: convolution, items: dim }).map(weightsOfConvolution)
  },
  batchNorm: {
    'any rank': fc
      .record({ shape: shapeOf(2), eps: fc.constantFrom(1e-5, 1e-3, 0.5) })
      .map(({ shape, eps }) => {
        const channel: Feed = { shape: [shape[1]] }
        return {
          feeds: [{ shape }, channel, channel, channel, { ...channel, positive: true }],
          build: (x, weight, bias, runningMean, runningVar) =>
            F.batchNorm(x, { weight, bias, runningMean, runningVar }, eps)
        }
      })
  },
  maxPool2d: {
    'any geometry': fc
      .record({ pool: maxPooling, batch })
      .map(({ pool: { image, kernel, ...p }, batch: items }) => ({
        feeds: [{ shape: image.with(0, items) }],
        build: x => F.maxPool2d(x, kernel, p)
      }))
  },
  maxUnpool2d: {
    'any geometry': maxPooling.map(({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }],
      // Scaled, so that the result differs from the input.
      build: x => F.maxUnpool2d(x, F.mul(F.maxPool2d(x, kernel, p), 0.5), kernel, p)
    }))
  },
  maxPool2dAt: {
    'any geometry': maxPooling.map(({ image, kernel, ...p }) => ({
      feeds: [{ shape: image }, { shape: image }],
      build: (x, z) => F.maxPool2dAt(x, z, kernel, p)
    }))
  },
  avgPool2d: {
    'any geometry': pooling.map(
      ({ kernel, batch: items, channels, room, stride, padding, ceilMode, countIncludePad }) => ({
        feeds: [{ shape: [items, channels, ...imageSize(kernel, padding, room)] }],
        build: x => F.avgPool2d(x, kernel, { stride, padding, ceilMode, countIncludePad })
      })
    ),
    adaptive: fc.record({ batch, size: pair(1, 7), output: pair(1, 5) }).map(p => ({
      feeds: [{ shape: [p.batch, 2, ...p.size] }],
      build: x => F.adaptiveAvgPool2d(x, p.output)
    }))
  },
  permute: {
    'any order': shapeOf(1)
      .chain(shape => {
        const axes = shape.map((_, axis) => axis)
        const order = fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length })
        return fc.record({ shape: fc.constant(shape), order })
      })
      .map(({ shape, order }) => ({ feeds: [{ shape }], build: x => F.permute(x, order) }))
  }
} as const satisfies Readonly<Partial<Record<OpName, DrawnCases>>>

/** The ops that networks are made of for which each test has its own cases. */
export type OtherOp = Exclude<NetworkOp, keyof typeof DRAWN_CASES>

interface ConvolvedImages {
  readonly geometry: typeof convolution extends fc.Arbitrary<infer G> ? G : never
  readonly items: number
}

/** Cases of a convolution's weight gradient. */
export function weightsOfConvolution({ geometry, items }: ConvolvedImages): DrawnCase {
  const { image, weight, kernel, ...options } = geometry
  return {
    feeds: [
      { shape: [items, ...image] },
      { shape: [items, weight[0], ...convolved(image, kernel, options)] }
    ],
    build: (x, y) => F.conv2dWeight(x, y, kernel, options)
  }
}
