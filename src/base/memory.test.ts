import { describe, expect, it } from 'vitest'
import { MemoryError, ResnetError } from './errors.js'
import { withMemory } from './memory.js'

describe('withMemory', () => {
  it('gives what was made', () => {
    expect(withMemory(8, () => new Float64Array(1))).toEqual(new Float64Array(1))
  })

  it('says what there is not enough memory for, how much that is, and what may fit', () => {
    const make = (): ArrayBuffer => new ArrayBuffer(2 ** 53 - 1)
    expect(() => withMemory(4_294_967_296, make)).toThrow(
      new MemoryError(
        'There is not enough memory for a tensor of 4.3 GB: a smaller batch or smaller images may fit'
      )
    )
    expect(() => withMemory(64_000_000, make, () => 'the weights', 'a smaller network')).toThrow(
      new MemoryError('There is not enough memory for the weights of 64.0 MB: a smaller network may fit')
    )
    expect(new MemoryError()).toBeInstanceOf(ResnetError)
  })

  it('leaves other errors as they are', () => {
    const broken = new TypeError('broken')
    expect(() =>
      withMemory(8, () => {
        throw broken
      })
    ).toThrow(broken)
  })
})
