// Tensors, and what plain JavaScript may pass for one.
import { describe, expect, it } from 'vitest'
import { MemoryError, OptionError, ShapeError } from '../base/errors.js'
import { RandomGenerator } from './random/generator.js'
import { manualSeed, rand, randn } from './random/random.js'
import { ones, tensor, Tensor, zeros } from './tensor.js'

/** As plain JavaScript calls it. */
const untyped = (make: (...given: never[]) => unknown, ...given: unknown[]): (() => unknown) => {
  return () => make(...(given as never[]))
}
const f32 = new Float32Array(4)
const made = (data: Float32Array, shape: number[], dtype: 'float32'): Tensor => new Tensor(data, shape, dtype)

describe('Tensor', () => {
  it.each([
    [[f32, [2, 2]], 'got an object of class Float32Array and the dtype undefined'],
    [[f32, [2, 2], 'int32'], "got an object of class Float32Array and the dtype 'int32'"],
    [[f32, [2, 2], 'constructor'], "and the dtype 'constructor'"],
    [[[1, 2, 3, 4], [2, 2], 'float32'], 'got [1, 2, 3, 4] and the dtype'],
    [[undefined, [2, 2], 'float32'], 'got undefined and the dtype'],
    [
      [[2, 2], f32, 'float32'],
      'expected a shape of non-negative integers, got an object of class Float32Array'
    ],
    [[f32, undefined, 'float32'], 'expected a shape of non-negative integers, got undefined'],
    [[f32, [-2, -2], 'float32'], 'expected a shape of non-negative integers, got [-2, -2]'],
    [[f32, ['4'], 'float32'], "expected a shape of non-negative integers, got ['4']"],
    [[f32, [3], 'float32'], 'shape [3] needs 3 elements, got 4']
  ])('refuses %o', (given, fault) => {
    expect(untyped(made, ...given)).toThrow(ShapeError)
    expect(untyped(made, ...given)).toThrow(fault)
  })
})

describe('tensor', () => {
  it('takes plain numbers and typed arrays', () => {
    expect(String(tensor([1, 2]))).toBe('float32[2]')
    expect(String(tensor(new Uint8Array(6), [2, 3]))).toBe('uint8[2, 3]')
    expect(String(tensor(new Uint16Array(2), [2], 'bfloat16'))).toBe('bfloat16[2]')
  })

  it.each([[[[1, 2]]], [['a']], [undefined], [5], [new Uint32Array(2)]])('refuses %o', data => {
    expect(untyped(tensor, data)).toThrow(ShapeError)
    expect(untyped(tensor, data)).toThrow('expected an array of numbers or a typed array')
  })
})

describe('shapes and seeds', () => {
  it.each([rand, randn, zeros, ones])('without the memory are refused by $name', make => {
    const asked = (): unknown => make([2 ** 25, 2 ** 25])
    expect(asked).toThrow(MemoryError)
    expect(asked).toThrow('There is not enough memory for a tensor of 4503599.6 GB: ')
  })

  it.each([rand, randn, zeros, ones])('are checked by $name', make => {
    for (const shape of [[-2, 3], [1.5], 'ab', undefined, 3]) {
      expect(untyped(make, shape)).toThrow(ShapeError)
      expect(untyped(make, shape)).toThrow('expected a shape of non-negative integers, got')
    }
  })

  it('refuses an unknown dtype', () => {
    expect(untyped(zeros, [2], 'float23')).toThrow(OptionError)
    expect(untyped(zeros, [2], 'float23')).toThrow("zeros: dtype: expected 'float32', ")
  })

  it.each(['a', 1.5, NaN, null, undefined])('refuses the seed %o', seed => {
    expect(untyped(manualSeed, seed)).toThrow(OptionError)
    expect(untyped(manualSeed, seed)).toThrow('seed: expected a whole number, got')
  })

  it('refuses to draw no number of numbers', () => {
    const generator = new RandomGenerator(0)
    const [first] = new RandomGenerator(0).uniform(1)
    for (const size of [-1, NaN, 0.5]) expect(() => generator.uniform(size)).toThrow(ShapeError)
    expect(generator.uniform(1)[0]).toBe(first)
  })
})
