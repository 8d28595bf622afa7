import { describe, expect, it } from 'vitest'
import { deriveSeed } from './derive-seed.js'

describe('deriveSeed', () => {
  it('is a 32-bit seed, the same for the same place', () => {
    expect(deriveSeed(1, 2, 3)).toBe(deriveSeed(1, 2, 3))
    expect(deriveSeed(-1, 2 ** 31)).toBe(deriveSeed(-1, 2 ** 31))
    for (const seed of [deriveSeed(0), deriveSeed(-1, 0), deriveSeed(2 ** 32 - 1, 7)]) {
      expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true)
    }
  })

  it('differs between places, even if their numbers are swapped', () => {
    const seeds = new Set<number>()
    for (let seed = 0; seed < 10; seed++) {
      for (let epoch = 0; epoch < 10; epoch++) {
        for (let index = 0; index < 1000; index++) seeds.add(deriveSeed(seed, epoch, index))
      }
    }
    // Of 100,000 draws out of 2³², about one pair collides.
    expect(seeds.size).toBeGreaterThan(99_990)
  })
})
