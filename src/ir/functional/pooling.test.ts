// Shapes and errors of pooling; the values are compared with torch's in the tests of the reference interpreter.
import { describe, expect, it } from 'vitest'
import { ShapeError } from '../../base/errors.js'
import { graphInput } from '../operand.js'
import { madeBy } from '../ops.js'
import * as F from './index.js'

const image = (height: number, width = height): ReturnType<typeof graphInput> =>
  graphInput('x', ['N', 8, height, width])
const error = (message: string): ShapeError => new ShapeError(message)

describe.each(['maxPool2d', 'avgPool2d'] as const)('%s', name => {
  const pool = F[name]
  const sizes = (height: number, kernel: number, options: Parameters<typeof pool>[2]): unknown =>
    pool(image(height, 9), kernel, options).shape[2]

  it('has the kernel size as its default stride', () => {
    expect(pool(image(7, 9), [2, 3]).shape).toEqual(['N', 8, 3, 3])
    expect(pool(image(7, 9), [2, 3], { stride: 1 }).shape).toEqual(['N', 8, 6, 7])
  })

  it('keeps a last partial window in ceil mode', () => {
    expect(sizes(7, 2, { ceilMode: true })).toBe(4)
    expect(sizes(112, 3, { stride: 2, ceilMode: true })).toBe(56)
    expect(sizes(112, 3, { stride: 2 })).toBe(55)
  })

  it('drops a window that would start in the right padding', () => {
    expect(sizes(5, 2, { stride: 3, padding: 1, ceilMode: true })).toBe(2)
    expect(sizes(4, 2, { stride: 2, padding: 1, ceilMode: true })).toBe(3)
  })

  it('refuses padding of more than half a window', () => {
    expect(() => pool(image(7), 3, { padding: 2 })).toThrow(
      error(`${name}: padding [2, 2] is more than half of the window [3, 3]`)
    )
  })

  it('refuses a window that does not fit, and an input that is no image', () => {
    expect(() => pool(image(2, 9), 3)).toThrow(
      error(`${name}: a window of 3 does not fit into 2 rows of [N, 8, 2, 9], padding included`)
    )
    expect(() => pool(graphInput('x', ['N', 8, 7]), 3)).toThrow(
      error(`${name}: expected an input of shape [N, C, H, W], got [N, 8, 7]`)
    )
    expect(() => pool(image(7), 3, { stride: 0 })).toThrow(ShapeError)
  })
})

describe('adaptiveAvgPool2d', () => {
  it('has the given output size, whatever the input', () => {
    expect(F.adaptiveAvgPool2d(image(7, 9), 1).shape).toEqual(['N', 8, 1, 1])
    expect(F.adaptiveAvgPool2d(image(7, 9), [7, 3]).shape).toEqual(['N', 8, 7, 3])
    expect(F.adaptiveAvgPool2d(image(7, 9), 6).shape).toEqual(['N', 8, 6, 6])
    expect(F.adaptiveAvgPool2d(image(3), 7).shape).toEqual(['N', 8, 7, 7])
  })

  it.each([0, -1, 1.5])('refuses an output size of %s', size => {
    expect(() => F.adaptiveAvgPool2d(image(6), [2, size])).toThrow(
      error(`adaptiveAvgPool2d: expected an output size of positive integers, got 2 × ${size}`)
    )
  })

  it('uses the simplest op', () => {
    const x = image(6)
    expect(F.adaptiveAvgPool2d(x, 6)).toBe(x)
    expect(madeBy(F.adaptiveAvgPool2d(x, 1), 'mean')?.attributes).toEqual({ axes: [2, 3], keepDims: true })
    expect(madeBy(F.adaptiveAvgPool2d(x, 3), 'avgPool2d')?.attributes.kernel).toEqual([2, 2])
    expect(madeBy(F.adaptiveAvgPool2d(x, 4), 'matmul')).toBeDefined()
  })
})
