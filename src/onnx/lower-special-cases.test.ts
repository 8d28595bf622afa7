// Lowerings of dtypes other than float32, and those that differ from ONNX's plain operator.
import { describe, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import type { Shape } from '../ir/shape.js'
import type { Build } from '../ir/testing/golden-cases.js'
import { tensor } from '../tensor/tensor.js'
import { expectAgreement } from './testing/expect-agreement.js'

describe('other dtypes', () => {
  const moved: Record<string, Build> = {
    reshape: x => F.reshape(x, [-1, 6]),
    permute: x => F.permute(x, [2, 0, 1]),
    expand: x => F.expand(F.unsqueeze(x, 1), ['N', 4, 2, 3]),
    concat: x => F.cat([x, x], -1),
    slice: x => F.slice(x, 2, 0, -1),
    'pad with zeros': x => F.pad(x, [1, 0]),
    'pad with ones': x => F.pad(x, [1, 0, 0, 1], { value: 1 })
  }
  const counted: Record<string, Build> = {
    neg: F.neg,
    abs: F.abs,
    add: x => F.add(x, x),
    sub: x => F.sub(x, F.neg(x)),
    mul: x => F.mul(x, x),
    'div, towards zero': x => F.div(x, F.add(F.mul(x, F.sub(x, x)), tensor(BigInt64Array.of(-3n), [1]))),
    maximum: x => F.maximum(x, F.neg(x)),
    minimum: x => F.minimum(x, F.neg(x)),
    sum: x => F.sum(x, [1, 2]),
    max: x => F.amax(x, 1, { keepDim: true }),
    matmul: x => F.matmul(x, F.transpose(x, 1, 2))
  }
  const shape: Shape = ['N', 2, 3]

  it.each(Object.entries({ ...moved, ...counted }))('int64: %s', (_, build) =>
    expectAgreement({ feeds: [{ shape, dtype: 'int64' }], build }, 4)
  )
  it.each(Object.entries(moved))('bool: %s', (_, build) =>
    expectAgreement({ feeds: [{ shape }], build: x => build(F.cast(F.relu(x), 'bool')) }, 4)
  )
  it.each(Object.entries(moved))('float64: %s', (_, build) =>
    expectAgreement({ feeds: [{ shape }], build: x => build(F.cast(x, 'float64')) }, 4)
  )
  it('sums booleans', () =>
    expectAgreement({ feeds: [{ shape }], build: x => F.sum(F.cast(F.cast(F.relu(x), 'bool'), 'int64')) }, 4))
})

describe('workarounds for ONNX Runtime', () => {
  it('a reduction over no axis', () =>
    expectAgreement(
      { feeds: [{ shape: ['N', 2] }], build: x => F.add(F.sum(x, []), F.add(F.mean(x, []), F.amax(x, []))) },
      0
    ))

  it('more padding after a dilated window than its kernel size', () =>
    expectAgreement(
      {
        feeds: [{ shape: ['N', 2, 5, 6] }],
        build: x => F.maxPool2d(F.neg(x), 2, { stride: 3, dilation: 3, ceilMode: true })
      },
      0
    ))

  it('zeros around an image whose maxima are taken', () =>
    expectAgreement(
      {
        feeds: [{ shape: ['N', 2, 5, 6], positive: true }],
        // Nothing is above the zeros; one more, as they are the least number here.
        build: x => F.add(F.maxPool2d(F.pad(F.neg(x), [1, 1, 1, 1]), 3, { stride: 2 }), 1)
      },
      0
    ))

  it.each([
    ['a kernel of one pixel', 3, 1],
    ['many channels', 9, 3]
  ])('the weight gradient of a convolution with a large output: %s', (_, channels, size) =>
    expectAgreement(
      {
        feeds: [{ shape: [2, channels, 21, 20] }, { shape: [2, 4, 21, 20] }],
        build: (x, y) => F.conv2dWeight(x, y, size, { padding: (size - 1) / 2 })
      },
      1
    )
  )
})
