// Shapes and errors of shaping functions; the values are compared with torch's in functions.test.ts.
import { describe, expect, it } from 'vitest'
import { ShapeError } from '../../base/errors.js'
import { tensor } from '../../tensor/tensor.js'
import { graphInput } from '../operand.js'
import { madeBy } from '../ops.js'
import * as F from './index.js'

const x = graphInput('x', ['N', 4, 6])
const fixed = graphInput('fixed', [2, 3, 4])
const error = (message: string): ShapeError => new ShapeError(message)

describe('reshape', () => {
  it.each([
    [
      [-1, 24],
      ['N', 24]
    ],
    [
      ['N', -1],
      ['N', 24]
    ],
    [
      ['N', 2, -1, 3],
      ['N', 2, 4, 3]
    ],
    [
      [24, -1],
      [24, 'N']
    ],
    [
      [4, 'N', 6],
      [4, 'N', 6]
    ],
    [
      ['N', 24, 1],
      ['N', 24, 1]
    ]
  ] as const)('of [N, 4, 6] to %j', (wanted, shape) => {
    expect(F.reshape(x, wanted).shape).toEqual(shape)
  })

  it('infers a size without a batch', () => {
    expect(F.reshape(fixed, [-1]).shape).toEqual([24])
    expect(F.reshape(fixed, [4, -1, 1]).shape).toEqual([4, 6, 1])
    expect(F.reshape(tensor([7]), []).shape).toEqual([])
  })

  it.each([
    [['N', 5, -1], '[N, 5, -1]'],
    [[-1, 12], '[-1, 12]'],
    [[24], '[24]'],
    [['N', 'N', 24], '[N, N, 24]'],
    [['N', -1, -1], '[N, -1, -1]'],
    [['N', -4, -6], '[N, -4, -6]'],
    [['N', 1.5, 16], '[N, 1.5, 16]']
  ] as const)('refuses %j', (wanted, text) => {
    expect(() => F.reshape(x, wanted)).toThrow(error(`reshape: [N, 4, 6] cannot become ${text}`))
  })

  it('does not create a batch', () => {
    expect(() => F.reshape(fixed, ['N', 12])).toThrow(error('reshape: [2, 3, 4] cannot become [N, 12]'))
    expect(() => F.reshape(tensor([1]), [-1, -1])).toThrow(error('reshape: [1] cannot become [-1, -1]'))
  })
})

describe('reshape of empty values', () => {
  it('accepts other empty shapes', () => {
    const empty = graphInput('empty', [0, 2])
    expect(F.reshape(empty, [0]).shape).toEqual([0])
    expect(F.reshape(empty, [3, 0, 5]).shape).toEqual([3, 0, 5])
    expect(() => F.reshape(empty, [1])).toThrow(error('reshape: [0, 2] cannot become [1]'))
  })
})

describe('flatten', () => {
  it('merges a range of axes', () => {
    expect(F.flatten(x, 1).shape).toEqual(['N', 24])
    expect(F.flatten(fixed).shape).toEqual([24])
    expect(F.flatten(fixed, 0, 1).shape).toEqual([6, 4])
    expect(F.flatten(x, 0, 0).shape).toEqual(['N', 4, 6])
  })

  it('does not merge the batch', () => {
    expect(() => F.flatten(x)).toThrow(
      error('flatten: the batch of [N, 4, 6] cannot be merged; start at axis 1')
    )
    expect(() => F.flatten(x, 3)).toThrow(error('flatten: axis 3 is out of range for 3 dimensions'))
  })
})

describe('permute and transpose', () => {
  it('reorder axes, including the batch', () => {
    expect(F.permute(x, [2, 0, -2]).shape).toEqual([6, 'N', 4])
    expect(F.transpose(x, -1, 0).shape).toEqual([6, 4, 'N'])
  })

  it('refuse what is not a permutation of the axes', () => {
    expect(() => F.permute(x, [0, 1])).toThrow(
      error('permute: [0, 1] is no permutation of the axes of [N, 4, 6]')
    )
    expect(() => F.permute(x, [0, 1, 1])).toThrow(
      error('permute: [0, 1, 1] is no permutation of the axes of [N, 4, 6]')
    )
    expect(() => F.transpose(x, 0, -4)).toThrow(error('transpose: axis -4 is out of range for 3 dimensions'))
  })
})

describe('squeeze and unsqueeze', () => {
  it('remove and insert an axis', () => {
    expect(F.unsqueeze(x, -1).shape).toEqual(['N', 4, 6, 1])
    expect(F.unsqueeze(x, 0).shape).toEqual([1, 'N', 4, 6])
    expect(F.squeeze(F.unsqueeze(x, 1), 1).shape).toEqual(['N', 4, 6])
  })

  it('refuse an axis that is not of size 1 or out of range', () => {
    expect(() => F.squeeze(x, -1)).toThrow(error('squeeze: axis 2 of [N, 4, 6] is not of size 1'))
    expect(() => F.squeeze(x, 0)).toThrow(error('squeeze: axis 0 of [N, 4, 6] is not of size 1'))
    expect(() => F.unsqueeze(x, 4)).toThrow(error('unsqueeze: axis 4 is out of range for 4 dimensions'))
  })
})

describe('expand', () => {
  it('broadcasts axes of size 1 and adds axes', () => {
    expect(F.expand(graphInput('row', ['N', 1, 6]), ['N', 4, 6]).shape).toEqual(['N', 4, 6])
    expect(F.expand(tensor([1, 2]), [3, 2]).shape).toEqual([3, 2])
  })

  it.each([
    [[2, 4, 7], 'expand: shapes [2, 3, 4] and [2, 4, 7] cannot be broadcast'],
    [[3, 4], 'expand: [2, 3, 4] cannot be broadcast to [3, 4]'],
    [['N', 2, 3, 4], 'expand: [2, 3, 4] cannot be broadcast to [N, 2, 3, 4]'],
    [[2, 3, 1], 'expand: [2, 3, 4] cannot be broadcast to [2, 3, 1]'],
    [[1.5, 2, 3, 4], 'expand: [2, 3, 4] cannot be broadcast to [1.5, 2, 3, 4]'],
    [[-1, 2, 3, 4], 'expand: [2, 3, 4] cannot be broadcast to [-1, 2, 3, 4]']
  ] as const)('refuses %j', (shape, message) => {
    expect(() => F.expand(fixed, shape)).toThrow(error(message))
  })
})

describe('cat', () => {
  it('joins along one axis', () => {
    expect(F.cat([x, x, x], 1).shape).toEqual(['N', 12, 6])
    expect(F.cat([tensor([1]), tensor([2, 3])]).shape).toEqual([3])
    expect(F.cat([fixed], -1).shape).toEqual([2, 3, 4])
  })

  it('refuses shapes or dtypes that differ, and no values', () => {
    expect(() => F.cat([x, fixed], 2)).toThrow(error('concat: [N, 4, 6] and [2, 3, 4] differ outside axis 2'))
    expect(() => F.cat([fixed, tensor([1])])).toThrow(
      error('concat: [2, 3, 4] and [1] differ outside axis 0')
    )
    expect(() => F.cat([x, x])).toThrow(
      error('concat: dimension 0 of [N, 4, 6] must be a number, not the batch symbol')
    )
    expect(() => F.cat([fixed, F.cast(fixed, 'int64')])).toThrow(
      error('concat: operands are float32 and int64; cast one of them')
    )
    expect(() => F.cat([])).toThrow(error('cat: expected at least one value, got none'))
  })
})

describe('pad', () => {
  it('counts pairs from the last axis', () => {
    expect(F.pad(x, [1, 2]).shape).toEqual(['N', 4, 9])
    expect(F.pad(x, [1, 2, 3, 4]).shape).toEqual(['N', 11, 9])
    expect(F.pad(x, [1, 2, 3, 4, 0, 0]).shape).toEqual(['N', 11, 9])
    expect(madeBy(F.pad(x, [1, 2, 3, 4]), 'pad')?.attributes).toEqual({
      before: [0, 3, 1],
      after: [0, 4, 2],
      value: 0
    })
  })

  it('refuses an odd number of amounts, too many, negative or fractional ones, and the batch', () => {
    for (const amounts of [[1], [1, 1, 1, 1, 1, 1, 1, 1], [0, -1], [0.5, 0], [NaN, 0]]) {
      expect(() => F.pad(x, amounts)).toThrow(
        error(
          `pad: expected pairs of non-negative integers for the last axes of [N, 4, 6], got [${amounts.join(', ')}]`
        )
      )
    }
    expect(() => F.pad(x, [0, 0, 0, 0, 1, 0])).toThrow(
      error('pad: dimension 0 of [N, 4, 6] must be a number, not the batch symbol')
    )
  })
})

describe('slice', () => {
  it.each([
    [0, undefined, undefined, 6],
    [2, undefined, undefined, 4],
    [-2, undefined, undefined, 2],
    [0, -1, undefined, 5],
    [0, 99, undefined, 6],
    [-99, 3, undefined, 3],
    [1, 6, 2, 3],
    [0, 6, 4, 2],
    [4, 2, undefined, 0]
  ] as const)('from %s to %s by %s leaves %s of 6', (start, end, step, left) => {
    expect(F.slice(x, -1, start, end, step).shape).toEqual(['N', 4, left])
  })

  it('refuses the batch, an axis out of range, and invalid indices and steps', () => {
    expect(() => F.slice(x, 0, 1)).toThrow(
      error('slice: dimension 0 of [N, 4, 6] must be a number, not the batch symbol')
    )
    expect(() => F.slice(x, 3, 1)).toThrow(error('slice: axis 3 is out of range for 3 dimensions'))
    expect(() => F.slice(x, 1, 0, 4, 0)).toThrow(
      error('slice: 0:4:0 is no valid range of axis 1 of [N, 4, 6]')
    )
    expect(() => F.slice(x, 1, 0.5, 3)).toThrow(
      error('slice: 0.5:3:1 is no valid range of axis 1 of [N, 4, 6]')
    )
    expect(() => F.slice(x, 1, 0, 3, 1.5)).toThrow(
      error('slice: 0:3:1.5 is no valid range of axis 1 of [N, 4, 6]')
    )
    expect(() => F.slice(x, 1, NaN)).toThrow(
      error('slice: NaN:NaN:1 is no valid range of axis 1 of [N, 4, 6]')
    )
  })
})

describe('chunk', () => {
  const sizes = (chunks: number): unknown[] => F.chunk(x, chunks, -1).map(({ shape }) => shape[2])

  it('splits into equal parts, a smaller last one, or fewer parts, as torch does', () => {
    expect(sizes(1)).toEqual([6])
    expect(sizes(3)).toEqual([2, 2, 2])
    expect(sizes(4)).toEqual([2, 2, 2])
    expect(sizes(5)).toEqual([2, 2, 2])
    expect(F.chunk(x, 3, 1).map(({ shape }) => shape[1])).toEqual([2, 2])
    expect(sizes(9)).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('refuses the batch and an invalid number of parts', () => {
    expect(() => F.chunk(x, 2)).toThrow(
      error('chunk: dimension 0 of [N, 4, 6] must be a number, not the batch symbol')
    )
    expect(() => F.chunk(x, 0, 1)).toThrow(error('chunk: [N, 4, 6] cannot be split into 0 parts'))
    expect(() => F.chunk(x, 1.5, 1)).toThrow(error('chunk: [N, 4, 6] cannot be split into 1.5 parts'))
  })
})

describe('cast', () => {
  it('changes only the dtype', () => {
    const result = F.cast(x, 'int64')
    expect([result.dtype, result.shape]).toEqual(['int64', ['N', 4, 6]])
  })
})
