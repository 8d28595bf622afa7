// Errors of shape inference name the op and the shapes.
import { describe, expect, it } from 'vitest'
import { ShapeError } from '../base/errors.js'
import { apply, graphInput } from './operand.js'
import * as F from './functional/index.js'
import type { Value } from './ops.js'
import type { Shape } from './shape.js'

const of = (...shape: Shape): Value => graphInput('x', shape)
const whole = (...shape: Shape): Value => graphInput('x', shape, 'int64')
const norm = (x: Value, ...[weight, bias, runningMean, runningVar]: [Value, Value, Value, Value]): Value =>
  F.batchNorm(x, { weight, bias, runningMean, runningVar })

const FAULTS: Readonly<Record<string, () => Value>> = {
  'add: shapes [N, 3] and [N, 4] cannot be broadcast': () => F.add(of('N', 3), of('N', 4)),
  'mul: shapes [N, 3] and [2, 3] cannot be broadcast': () => F.mul(of('N', 3), of(2, 3)),
  'sub: operands are float32 and int64; cast one of them': () => F.sub(of(2), whole(2)),
  'maximum: operands are int64 and float32; cast one of them': () => F.maximum(whole(2), 0),

  'sum: axis 2 is out of range for 2 dimensions': () => F.sum(of(2, 3), 2),
  'mean: axis -3 is out of range for 2 dimensions': () => F.mean(of(2, 3), [0, -3]),
  'softmax: axis 1 is out of range for 1 dimension': () => F.softmax(of(2), 1),

  'matmul: [2, 3] and [4, 2] cannot be multiplied': () => F.matmul(of(2, 3), of(4, 2)),
  'matmul: [3] and [3, 2] cannot be multiplied': () => F.matmul(of(3), of(3, 2)),
  'matmul: [2, 3] and [3] cannot be multiplied': () => F.matmul(of(2, 3), of(3)),
  'matmul: shapes [4] and [5] cannot be broadcast': () => F.matmul(of(4, 2, 3), of(5, 3, 2)),
  'matmul: operands are float32 and int64; cast one of them': () => F.matmul(of(2, 3), whole(3, 2)),

  'linear: input [N, 3] must end in the 1 feature of weight [2, 1]': () => F.linear(of('N', 3), of(2, 1)),
  'linear: input [N, 3] must end in the 4 features of weight [2, 4]': () => F.linear(of('N', 3), of(2, 4)),
  'linear: expected a bias of shape [2], got [3]': () => F.linear(of('N', 4), of(2, 4), of(3)),
  'linear: operands are float32 and int64; cast one of them': () => F.linear(of(4), of(2, 4), whole(2)),

  'conv2d: expected an input of shape [N, C, H, W], got [3, 8, 8]': () =>
    F.conv2d(of(3, 8, 8), of(4, 3, 3, 3)),
  'conv2d: input [N, 1, 8, 8] has 1 channel, but weight [4, 2, 3, 3] with 1 group expects 2': () =>
    F.conv2d(of('N', 1, 8, 8), of(4, 2, 3, 3)),
  'maxPool2d: a window of 2 does not fit into 1 row of [N, 1, 1, 8], padding included': () =>
    F.maxPool2d(of('N', 1, 1, 8), 2),
  'conv2d: input [N, 3, 8, 8] has 3 channels, but weight [4, 2, 3, 3] with 1 group expects 2': () =>
    F.conv2d(of('N', 3, 8, 8), of(4, 2, 3, 3)),
  'conv2d: input [N, 3, 8, 8] has 3 channels, but weight [4, 2, 3, 3] with 2 groups expects 4': () =>
    F.conv2d(of('N', 3, 8, 8), of(4, 2, 3, 3), undefined, { groups: 2 }),
  'conv2d: weight [3, 2, 3, 3] has 3 output channels, not divisible into 2 groups': () =>
    F.conv2d(of('N', 4, 8, 8), of(3, 2, 3, 3), undefined, { groups: 2 }),
  'conv2d: expected a bias of shape [4], got [1]': () => F.conv2d(of('N', 2, 8, 8), of(4, 2, 3, 3), of(1)),
  'conv2d: a window of 5 does not fit into 4 columns of [N, 2, 8, 4], padding included': () =>
    F.conv2d(of('N', 2, 8, 4), of(4, 2, 3, 3), undefined, { dilation: 2 }),
  'conv2d: dimension 1 of [2, N, 8, 8] must be a number, not the batch symbol': () =>
    F.conv2d(of(2, 'N', 8, 8), of(4, 2, 3, 3)),
  'conv2d: kernel [3, 3], stride [0, 0] and dilation [1, 1] must be positive integers, padding [0, 0, 0, 0] non-negative integers':
    () => F.conv2d(of('N', 2, 8, 8), of(4, 2, 3, 3), undefined, { stride: 0 }),
  'conv2d: kernel [3, 3], stride [1, 1] and dilation [1, 1] must be positive integers, padding [-1, 0, -1, 0] non-negative integers':
    () => F.conv2d(of('N', 2, 8, 8), of(4, 2, 3, 3), undefined, { padding: [-1, 0] }),
  'conv2d: operands are float32 and int64; cast one of them': () =>
    F.conv2d(of('N', 2, 8, 8), whole(4, 2, 3, 3)),

  'batchNorm: expected an input of shape [N, C, …], got [3]': () => norm(of(3), of(3), of(3), of(3), of(3)),
  'batchNorm: expected one value per channel of [N, 3] of shape [3], got [4]': () =>
    norm(of('N', 3), of(3), of(3), of(4), of(3)),
  'batchNorm: operands are float32 and int64; cast one of them': () =>
    norm(of('N', 3), of(3), of(3), of(3), whole(3)),

  'concat: expected at least one input, got none': () => apply('concat', [], { axis: 0 }),
  'pad: expected one amount per axis of [2, 3]': () =>
    apply('pad', [of(2, 3)], { before: [1], after: [1], value: 0 }),
  'slice: 1:4:1 is no valid range of axis 1 of [2, 3]': () =>
    apply('slice', [of(2, 3)], { axis: 1, start: 1, end: 4, step: 1 }),
  'reshape: [N, 6] cannot become [N, -2, -3]': () => apply('reshape', [of('N', 6)], { shape: ['N', -2, -3] })
}

describe('inferType', () => {
  it.each(Object.entries(FAULTS))('%s', (message, build) => {
    expect(build).toThrow(new ShapeError(message))
  })

  it('broadcasts the batch with itself and with 1', () => {
    expect(F.add(of('N', 3), of(1, 3)).shape).toEqual(['N', 3])
    expect(F.add(of(3), of('N', 1)).shape).toEqual(['N', 3])
    expect(F.matmul(of(2, 'N'), of('N', 3)).shape).toEqual([2, 3])
    expect(F.matmul(of(4, 5), of('N', 1, 5, 6)).shape).toEqual(['N', 1, 4, 6])
  })

  it('keeps the dtype of the operands', () => {
    expect(F.add(whole(2), whole(1)).dtype).toBe('int64')
    expect(F.sum(whole(2)).dtype).toBe('int64')
  })
})
