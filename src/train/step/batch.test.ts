import { describe, expect, it } from 'vitest'
import { tensor, zeros } from '../../tensor/tensor.js'
import { foundClasses } from './batch.js'

const images = (count: number): ReturnType<typeof zeros> => zeros([count, 1, 1, 1])

describe('foundClasses', () => {
  it('counts how many classes come before the actual one, equal ones in their order', () => {
    const logits = tensor([3, 1, 2, 1, 3, 1, 2, 1, 3, 1, 2, 1, 3, 1, 2, 1], [4, 4])
    const batch = { images: images(4), labels: Int32Array.of(0, 1, 2, 3) }
    expect(foundClasses(logits, batch, 4, undefined)).toEqual([
      { label: 0, found: 0, before: 0 },
      { label: 1, found: 0, before: 2 },
      { label: 2, found: 0, before: 1 },
      { label: 3, found: 0, before: 3 }
    ])
  })

  it('puts NaN behind all others, and leaves out what is ignored', () => {
    const logits = tensor([1, NaN, 0, 1, NaN, 0], [2, 3])
    const batch = { images: images(2), labels: Int32Array.of(1, 2) }
    expect(foundClasses(logits, batch, 3, 2)).toEqual([{ label: 1, found: 0, before: 2 }])
  })

  it('takes a single output above zero for class 1', () => {
    const batch = { images: images(2), labels: Int32Array.of(1, 1) }
    expect(foundClasses(tensor([2, -1], [2, 1]), batch, 2, undefined)).toEqual([
      { label: 1, found: 1, before: 0 },
      { label: 1, found: 0, before: 1 }
    ])
  })
})
