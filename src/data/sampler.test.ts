import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { RandomGenerator } from '../tensor/random/generator.js'
import { DatasetError } from './dataset.js'
import { classBalancedOrder, sequentialOrder, shuffledOrder } from './sampler.js'

function sha(data: Int32Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

describe('shuffled', () => {
  // torch 1.13: g = torch.Generator().manual_seed(seed); torch.randperm(n, generator=g), then torch.rand(1, generator=g)
  it.each([
    [0, 0, [], 0.49625658988952637],
    [1, 0, [0], 0.49625658988952637],
    [2, 0, [0, 1], 0.7682217955589294],
    [5, 0, [4, 0, 1, 3, 2], 0.30742281675338745],
    [10, 1234, [5, 4, 8, 2, 6, 9, 1, 7, 0, 3], 0.33146196603775024],
    [17, 7, [9, 5, 3, 11, 7, 8, 6, 16, 12, 10, 13, 1, 15, 14, 4, 2, 0], 0.720380425453186]
  ])("%i from seed %i is torch's randperm", (length, seed, expected, next) => {
    const generator = new RandomGenerator(seed)
    expect([...shuffledOrder(length, generator)]).toEqual(expected)
    expect(generator.uniform(1)[0]).toBe(Math.fround(next))
  })

  it.each([
    [1000, 0, 'd03e91824c6ac07c', 0.40386343002319336],
    [60000, 42, '7f455bbc8e543f08', 0.6539736986160278]
  ])("%i from seed %i is torch's randperm, by its hash", (length, seed, expected, next) => {
    const generator = new RandomGenerator(seed)
    expect(sha(shuffledOrder(length, generator))).toBe(expected)
    expect(generator.uniform(1)[0]).toBe(Math.fround(next))
  })

  it('is a permutation', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (length, seed) => {
        expect(shuffledOrder(length, new RandomGenerator(seed)).sort()).toEqual(sequentialOrder(length))
      })
    )
  })

  it.each([-1, 1.5, NaN, 2 ** 31])('refuses %d samples', length => {
    expect(() => shuffledOrder(length, new RandomGenerator(0))).toThrow(DatasetError)
    expect(() => sequentialOrder(length)).toThrow(DatasetError)
  })
})

describe('classBalanced', () => {
  // torch 1.13: WeightedRandomSampler([1 / counts[label] for label in labels], count, generator=g), then torch.rand
  it.each([
    [[0, 0, 0, 1], 2, 0, [3, 3, 2, 3, 3, 3, 1, 2, 3, 1, 2, 1], 0.41940832138061523],
    [
      [2, 0, 1, 1, 0, 2, 2, 2, 2, 1],
      4,
      5,
      [5, 2, 3, 2, 2, 8, 4, 6, 8, 3, 3, 2, 7, 1, 1, 2, 3, 3, 7, 4],
      0.5818747282028198
    ]
  ])("of labels %j in %i classes from seed %i is torch's", (labels, classes, seed, expected, next) => {
    const generator = new RandomGenerator(seed)
    const drawn = classBalancedOrder(Int32Array.from(labels), classes, generator, expected.length)
    expect([...drawn]).toEqual(expected)
    expect(generator.uniform(1)[0]).toBe(Math.fround(next))
  })

  it("of a thousand labels is torch's, by its hash", () => {
    const generator = new RandomGenerator(9)
    const labels = Int32Array.from({ length: 1000 }, (_, i) => (i * i) % 7)
    expect(sha(classBalancedOrder(labels, 7, generator))).toBe('4ea34e7e2898110b')
    expect(generator.uniform(1)[0]).toBe(Math.fround(0.45173513889312744))
  })

  it('draws a rare class as often as a common one', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, i) => (i % 100 === 0 ? 1 : 0))
    const drawn = classBalancedOrder(labels, 2, new RandomGenerator(0), 20_000)
    const rare = drawn.filter(index => labels[index] === 1).length
    // Seven standard deviations of 20,000 throws of a coin.
    expect(Math.abs(rare - 10_000)).toBeLessThan(500)
  })

  it('draws nothing of nothing, and refuses what cannot be drawn', () => {
    const none = new Int32Array(0)
    expect(classBalancedOrder(none, 2, new RandomGenerator(0))).toEqual(none)
    expect(() => classBalancedOrder(none, 2, new RandomGenerator(0), 1)).toThrow(
      'there are no samples to draw'
    )
    expect(() => classBalancedOrder(Int32Array.of(0, 2), 2, new RandomGenerator(0))).toThrow('label 2')
    expect(() => classBalancedOrder(Int32Array.of(0), 1, new RandomGenerator(0), -1)).toThrow(DatasetError)
  })
})
