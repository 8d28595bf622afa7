import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tensor } from '../tensor/tensor.js'
import type { Batch } from './step/batch.js'
import { choose, findLearningRate, searchedRate, type LrRange } from './lr-find.js'
import { NonFiniteError } from './train-error.js'

const range: LrRange = { from: 1e-4, to: 10, steps: 51 }

/** As many batches as anybody asks for. */
async function* endless(): AsyncGenerator<Batch> {
  for (;;) yield await Promise.resolve({ images: tensor([0], [1, 1, 1, 1]), labels: [0] })
}

/** A search over a loss that is a function of the rate. */
function search(lossAt: (learningRate: number) => number): ReturnType<typeof findLearningRate> {
  let step = 0
  const train = (): Promise<{ loss: number; learningRate: number }> => {
    const learningRate = searchedRate(range, step++)
    const loss = lossAt(learningRate)
    if (!Number.isFinite(loss))
      throw new NonFiniteError({ step, loss, largest: undefined, weights: [], paths: [] })
    return Promise.resolve({ loss, learningRate })
  }
  return findLearningRate(async () => train(), endless(), { steps: range.steps })
}

describe('searchedRate', () => {
  it('goes from the first to the last by equal factors', () => {
    expect(searchedRate(range, 0)).toBe(1e-4)
    expect(searchedRate(range, 50)).toBeCloseTo(10, 12)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 49 }), step => {
        const ratio = searchedRate(range, step) / searchedRate(range, step - 1)
        expect(ratio).toBeCloseTo(10 ** (5 / 50), 10)
      })
    )
  })
})

describe('findLearningRate', () => {
  it('finds where the loss falls fastest, and stops when training breaks down', async () => {
    // Falls like a step around 0.01, and rises without end from 1.
    const found = await search(rate => 2.3 - 2 / (1 + (0.01 / rate) ** 2) + Math.max(0, rate - 1) * 100)
    expect(found.diverged).toBe(true)
    expect(found.points.length).toBeLessThan(51)
    expect(found.steepest).toBeGreaterThan(0.005)
    expect(found.steepest).toBeLessThan(0.05)
    expect(found.careful).toBeLessThan(0.2)
    expect(found.careful).toBeGreaterThan(0.01)
  })

  it('ends where a step is no longer finite', async () => {
    const found = await search(rate => (rate < 0.1 ? 1 - rate : NaN))
    expect(found.diverged).toBe(true)
    expect(Math.max(...found.points.map(({ learningRate }) => learningRate))).toBeLessThan(0.1)
  })

  it('tries all rates where nothing breaks, and smooths without the bias of the start', async () => {
    const found = await search(() => 1.5)
    expect(found.diverged).toBe(false)
    expect(found.points).toHaveLength(51)
    for (const { smoothed } of found.points) expect(smoothed).toBeCloseTo(1.5, 12)
    expect(found.steepest === undefined || found.steepest > 0).toBe(true)
  })

  it('lets other errors through', async () => {
    const broken = findLearningRate(() => Promise.reject(new Error('no engine')), endless(), { steps: 3 })
    await expect(broken).rejects.toThrow('no engine')
  })
})

describe('choose', () => {
  it('has no steepest rate where the loss only rises', () => {
    const points = [1, 2, 3, 4].map(n => ({ learningRate: n, loss: n, smoothed: n }))
    expect(choose(points)).toEqual({ steepest: undefined, careful: 0.1 })
  })
})
