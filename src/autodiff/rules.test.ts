// Every gradient rule, and the gradient of every gradient, against central differences, for random shapes and options.
// A failure prints the seed and the smallest counterexample.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { OpName } from '../ir/ops.js'
import type { Dim } from '../ir/shape.js'
import { dim, flags, pair, shapeOf } from '../ir/testing/arbitraries.js'
import { DRAWN_CASES, unary, type DrawnCases, type OtherOp } from '../ir/testing/drawn-cases.js'
import { expectGradients } from './testing/expect-gradients.js'

const RUNS = 25

// Cases for gradients only: all axes, because every size is known, and values that are used more than once.
const DIFFERENTIATED: Readonly<Record<OtherOp, DrawnCases> & Partial<Record<OpName, DrawnCases>>> = {
  heaviside: { 'adds nothing': unary(x => F.mul(F.heaviside(x), x)) },
  mul: { 'a square': unary(x => F.mul(x, x)) },
  div: { 'below one': unary(x => F.div(x, x), true) },
  softmax: {
    'and its logarithm': fc.record({ shape: shapeOf(1, 3), axis: fc.nat(2) }).map(({ shape, axis }) => ({
      feeds: [{ shape }],
      build: x => F.logSoftmax(x, axis % shape.length)
    }))
  },
  batchNorm: {
    "with the batch's own statistics": fc
      .record({ items: fc.integer({ min: 2, max: 4 }), channels: dim, size: pair(1, 3) })
      .map(({ items, channels, size }) => ({
        feeds: [{ shape: [items, channels, ...size] }, { shape: [channels] }, { shape: [channels] }],
        build: (x, weight, bias) => {
          const [runningMean, runningVar] = [F.mean(x, [0, 2, 3]), F.variance(x, [0, 2, 3])]
          return F.batchNorm(x, { weight, bias, runningMean, runningVar }, 0.1)
        }
      }))
  },
  reshape: {
    'in reverse': shapeOf(1).map(shape => ({
      feeds: [{ shape }],
      build: x => F.reshape(x, x.shape.toReversed())
    }))
  },
  expand: {
    'ones and new axes': fc
      .record({ shape: fc.array(dim, { minLength: 1, maxLength: 4 }), ones: flags, dropped: fc.nat(3) })
      .map(({ shape, ones, dropped }) => ({
        feeds: [{ shape: shape.map((size, axis): Dim => (ones[axis] ? 1 : size)).slice(dropped) }],
        build: x => F.expand(x, shape)
      }))
  },
  concat: {
    'any axis': fc
      .record({ shape: shapeOf(1), axis: fc.nat(3), sizes: fc.array(dim, { minLength: 1, maxLength: 3 }) })
      .map(({ shape, axis, sizes }) => ({
        feeds: sizes.map(size => ({ shape: shape.with(axis % shape.length, size) })),
        build: (...xs) => F.cat(xs, axis % shape.length)
      }))
  },
  pad: {
    'any axes': fc
      .record({ shape: shapeOf(1), amounts: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }) })
      .map(({ shape, amounts }) => ({
        feeds: [{ shape }],
        build: x => F.pad(x, amounts.slice(0, 2 * shape.length), { value: 2 })
      }))
  },
  slice: {
    'any axis': fc
      .record({
        shape: shapeOf(1),
        axis: fc.nat(3),
        start: fc.integer({ min: -5, max: 5 }),
        end: fc.integer({ min: -5, max: 5 }),
        step: fc.integer({ min: 1, max: 3 })
      })
      .map(({ shape, axis, start, end, step }) => ({
        feeds: [{ shape }],
        build: x => F.slice(x, axis % shape.length, start, end, step)
      }))
  },
  cast: {
    'between floats': unary(x => F.cast(F.exp(F.cast(x, 'float64')), 'float32')),
    'to whole numbers: nothing': unary(x => F.mul(F.cast(F.cast(F.mul(x, 0.47), 'int32'), 'float32'), x))
  }
}

describe.each([...Object.entries(DRAWN_CASES), ...Object.entries(DIFFERENTIATED)])('%s', (_, cases) => {
  it.each(Object.entries<DrawnCases[string]>(cases))('equals central differences: %s', (_name, drawn) =>
    fc.assert(fc.property(drawn, fc.nat(100), expectGradients), { numRuns: RUNS })
  )
})
