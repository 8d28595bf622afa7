// Every lowering, run by ONNX Runtime, against the reference interpreter, for random shapes and options.
// A failure prints the seed and the smallest counterexample.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { OpName } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
import { batch, dim, flags, maxPooling, shapeOf, wideConvolution } from '../ir/testing/arbitraries.js'
import {
  DRAWN_CASES,
  reduction,
  unary,
  weightsOfConvolution,
  type DrawnCases,
  type OtherOp
} from '../ir/testing/drawn-cases.js'
import { expectAgreement } from './testing/expect-agreement.js'

const RUNS = 80

// Cases for lowerings only: a symbolic batch, dtypes, and alternative formulations.
const LOWERED: Readonly<Record<OtherOp, DrawnCases> & Partial<Record<OpName, DrawnCases>>> = {
  heaviside: { 'any shape': unary(F.heaviside) },
  mean: {
    'over images': fc.record({ shape: shapeOf(4), keepDim: fc.boolean() }).map(({ shape, keepDim }) => ({
      feeds: [{ shape }],
      build: x => F.mean(x, [2, 3], { keepDim })
    }))
  },
  variance: { 'far from zero': reduction((x, dim, options) => F.variance(F.add(x, 100), dim, options)) },
  matmul: {
    'the batch as a matrix axis': fc.record({ m: dim, n: dim }).map(({ m, n }) => ({
      feeds: [{ shape: [m, 'N'] }, { shape: ['N', n] }],
      build: F.matmul
    }))
  },
  conv2dWeight: {
    // At least as many channels as kernel elements: matrix products of shifted or sliced images.
    'many channels': fc.record({ geometry: wideConvolution, items: dim }).map(weightsOfConvolution)
  },
  maxUnpool2d: {
    'any geometry, batch symbolic': maxPooling.map(({ image, kernel, ...p }) => ({
      feeds: [{ shape: ['N', ...image.slice(1)] }],
      build: x => F.maxUnpool2d(x, F.mul(F.maxPool2d(x, kernel, p), 0.5), kernel, p)
    }))
  },
  reshape: {
    'the batch anywhere': fc
      .record({ shape: shapeOf(1), place: fc.nat(3), inferred: fc.option(fc.nat(3)) })
      .map(({ shape, place, inferred }) => {
        const [first, ...rest] = shape
        const target = rest.toReversed().toSpliced(place, 0, first)
        return {
          feeds: [{ shape }],
          build: x => F.reshape(x, inferred === null ? target : target.with(inferred % target.length, -1))
        }
      }),
    'merged and split': fc.record({ batch, a: dim, b: dim, c: dim }).map(({ batch: first, a, b, c }) => ({
      feeds: [{ shape: [a, first, b * c] }],
      build: x => F.reshape(F.flatten(F.reshape(x, [first, a * b, -1]), 1), [c, b, first, a])
    }))
  },
  expand: {
    'ones and new axes': fc
      .record({ shape: shapeOf(1), ones: flags, dropped: fc.nat(3) })
      .map(({ shape, ones, dropped }) => {
        const from = shape.map((size, axis): Dim => (size !== 'N' && ones[axis] ? 1 : size))
        return {
          feeds: [{ shape: from.slice(from[0] === 'N' ? 0 : Math.min(dropped, from.length)) }],
          build: x => F.expand(x, shape)
        }
      })
  },
  concat: {
    'any axis but the batch': fc
      .record({ shape: shapeOf(2), axis: fc.nat(2), sizes: fc.array(dim, { minLength: 1, maxLength: 3 }) })
      .map(({ shape, axis, sizes }) => {
        const along = 1 + (axis % (shape.length - 1))
        return {
          feeds: sizes.map(size => ({ shape: shape.with(along, size) })),
          build: (...xs) => F.cat(xs, along)
        }
      })
  },
  pad: {
    'any axes but the batch': fc
      .record({
        shape: shapeOf(1),
        amounts: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
        value: fc.constantFrom(0, -1.5, 7)
      })
      .map(({ shape, amounts, value }) => ({
        feeds: [{ shape }],
        build: x => F.pad(x, amounts.slice(0, 2 * (shape.length - 1)), { value })
      }))
  },
  slice: {
    'any axis but the batch': fc
      .record({
        shape: shapeOf(2),
        axis: fc.nat(2),
        start: fc.integer({ min: -5, max: 5 }),
        end: fc.integer({ min: -5, max: 5 }),
        step: fc.integer({ min: 1, max: 3 })
      })
      .map(({ shape, axis, start, end, step }) => ({
        feeds: [{ shape }],
        build: x => F.slice(x, 1 + (axis % (shape.length - 1)), start, end, step)
      }))
  },
  cast: {
    'to dtypes that an output may have': fc
      .record({
        shape: shapeOf(1),
        dtype: fc.constantFrom('float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'bool')
      })
      .map(({ shape, dtype }) => ({ feeds: [{ shape }], build: x => F.cast(x, dtype) })),
    // The result for negative numbers is not defined.
    'to uint8': unary(x => F.cast(x, 'uint8'), true),
    'there and back': fc
      .record({
        shape: shapeOf(1),
        dtype: fc.constantFrom('bfloat16', 'float16', 'int64', 'int32', 'bool')
      })
      .map(({ shape, dtype }) => ({ feeds: [{ shape }], build: x => F.cast(F.cast(x, dtype), 'float32') }))
  }
}

describe.each([...Object.entries(DRAWN_CASES), ...Object.entries(LOWERED)])('%s', (_, cases) => {
  it.each(Object.entries<DrawnCases[string]>(cases))('agrees with the reference: %s', (_name, drawn) =>
    fc.assert(fc.asyncProperty(drawn, fc.nat(100), expectAgreement), { numRuns: RUNS })
  )
})
