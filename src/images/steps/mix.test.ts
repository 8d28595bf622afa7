import { describe, expect, it } from 'vitest'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'
import { ImageError } from '../picture.js'
import { drawBeta, drawGamma } from '../random/draws.js'
import { cutmix, mixBatch, mixup } from './mix.js'

const DRAWS = 40_000
// Of a mean or a variance of so many draws, this many of its own deviations: one in 10⁷ strays further by chance.
const DEVIATIONS = 5.5

const momentsOf = (draw: () => number): { mean: number; variance: number; fourth: number } => {
  const values = Float64Array.from({ length: DRAWS }, draw)
  const meanOf = (power: number, around: number): number =>
    values.reduce((sum, value) => sum + (value - around) ** power, 0) / DRAWS
  const mean = meanOf(1, 0)
  return { mean, variance: meanOf(2, mean), fourth: meanOf(4, mean) }
}

const expectMoments = (draw: () => number, mean: number, variance: number): void => {
  const drawn = momentsOf(draw)
  expect(Math.abs(drawn.mean - mean)).toBeLessThan(DEVIATIONS * Math.sqrt(variance / DRAWS))
  const spread = Math.sqrt((drawn.fourth - drawn.variance ** 2) / DRAWS)
  expect(Math.abs(drawn.variance - variance)).toBeLessThan(DEVIATIONS * spread)
}

describe('drawGamma and drawBeta', () => {
  it.each([0.2, 0.7, 1, 2.5, 30])('have the mean and variance of shape %d', shape => {
    const generator = new RandomGenerator(1)
    expectMoments(() => drawGamma(generator, shape), shape, shape)
  })

  it.each([0.1, 0.4, 1, 3])('have the mean and variance of Beta(%d, %d)', alpha => {
    const generator = new RandomGenerator(2)
    expectMoments(() => drawBeta(generator, alpha), 0.5, 1 / (4 * (2 * alpha + 1)))
  })
})

describe('mixBatch', () => {
  const images = new Tensor(
    Float32Array.from({ length: 3 * 2 * 5 * 7 }, (_, i) => Math.floor(i / 70)),
    [3, 2, 5, 7],
    'float32'
  )
  const batch = { images, labels: Int32Array.of(2, 0, 1) }
  const sumsOf = ({ data, shape }: Tensor<'float32'>): number[] =>
    Array.from({ length: shape[0] }, (_, row) =>
      data.subarray(row * shape[1], (row + 1) * shape[1]).reduce((sum, share) => sum + share, 0)
    )

  it.each([mixup(), cutmix(), cutmix({ alpha: 0.1 }), mixup({ p: 0.5 })])(
    'spreads each label over two classes, as pictures are mixed: %o',
    way => {
      for (let seed = 0; seed < 50; seed++) {
        const mixed = mixBatch(batch, 4, [way], new RandomGenerator(seed))
        expect(mixed.images.shape).toEqual([3, 2, 5, 7])
        expect(mixed.targets.shape).toEqual([3, 4])
        for (const sum of sumsOf(mixed.targets)) expect(sum).toBeCloseTo(1, 6)
        // Every picture has its index for a level, so that its mean says how much of the one before it holds.
        const share = mixed.targets.data[2]
        const mean = mixed.images.data.subarray(70, 140).reduce((sum, level) => sum + level, 0) / 70
        expect(mean).toBeCloseTo(share, 5)
      }
    }
  )

  it('with no way only spreads labels, and with several takes any', () => {
    const plain = mixBatch(batch, 3, [], new RandomGenerator(0))
    expect(plain.images).toBe(images)
    expect([...plain.targets.data]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0])
    const wholeLevels = Array.from({ length: 40 }, (_, seed) =>
      mixBatch(batch, 3, [mixup(), cutmix()], new RandomGenerator(seed)).images.data.every(Number.isInteger)
    )
    expect(new Set(wholeLevels).size).toBe(2)
  })

  it('leaves the batch as it was', () => {
    const before = images.data.slice()
    mixBatch(batch, 3, [mixup()], new RandomGenerator(0))
    mixBatch(batch, 3, [cutmix()], new RandomGenerator(0))
    expect(images.data).toEqual(before)
  })

  it('refuses what means nothing', () => {
    expect(() => mixup({ alpha: 0 })).toThrow(ImageError)
    expect(() => cutmix({ alpha: -1 })).toThrow(ImageError)
    expect(() => mixup({ p: 2 })).toThrow(ImageError)
    expect(() => mixBatch(batch, 2, [], new RandomGenerator(0))).toThrow(
      /there are 2 classes, but a picture has label 2/
    )
    expect(() => mixBatch({ ...batch, labels: Int32Array.of(1) }, 3, [], new RandomGenerator(0))).toThrow(
      /N labels/
    )
  })
})
