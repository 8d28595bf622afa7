import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset.js'
import { randomSplit } from './sampler.js'
import { rejection } from './testing/rejection.js'

/** Samples whose paths are their indices. */
function labelled(labels: readonly number[], classCount = 5): Dataset {
  return {
    length: labels.length,
    classes: Array.from({ length: classCount }, (_, label) => `class ${label}`),
    labels: Int32Array.from(labels),
    channels: 3,
    source: index => ({ path: String(index) })
  }
}

function indices(dataset: Dataset): number[] {
  return Array.from(dataset.labels, (_, i) => {
    const source = dataset.source(i)
    return 'path' in source ? Number(source.path) : NaN
  })
}

const anyLabels = fc.array(fc.nat(4), { minLength: 6, maxLength: 60 }).map(labels => labels.concat(labels[0]))
const anyFraction = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true })

describe('randomSplit', () => {
  it('puts every sample in one part, and every class in both', () => {
    fc.assert(
      fc.property(anyLabels, anyFraction, fc.integer(), (labels, fraction, seed) => {
        const { train, validation } = randomSplit(labelled(labels), fraction, seed)
        const all = [...indices(train), ...indices(validation)]
        expect(all.sort((a, b) => a - b)).toEqual(labels.map((_, index) => index))
        for (const label of new Set(labels)) {
          const [total, held] = [labels, [...validation.labels]].map(
            list => list.filter(other => other === label).length
          )
          expect(held).toBe(total === 1 ? 0 : Math.min(Math.max(Math.round(total * fraction), 1), total - 1))
        }
      })
    )
  })

  it('is the same for the same seed, and another for another', () => {
    const dataset = labelled(Array.from({ length: 100 }, (_, i) => i % 5))
    const [a, b, c] = [7, 7n, 8].map(seed => indices(randomSplit(dataset, 0.2, seed).validation))
    expect(a).toEqual(b)
    expect(a).not.toEqual(c)
    expect(a).toHaveLength(20)
    expect(a).toEqual(a.toSorted((x, y) => x - y))
  })

  it.each([0, 1, -0.1, 20, NaN])('refuses the fraction %d', async fraction => {
    expect(await rejection(() => randomSplit(labelled([0, 0]), fraction, 0))).toBe(
      `randomSplit: fraction: expected a number between 0 and 1, got ${fraction}`
    )
  })

  it('refuses to split without a seed, and what is no data set', async () => {
    const split = (...given: unknown[]): unknown =>
      (randomSplit as (...given: unknown[]) => unknown)(...given)
    expect(await rejection(() => split(labelled([0, 0]), 0.2))).toBe(
      'randomSplit: seed: expected a whole number, such as 0, to split in the same way each time, got undefined'
    )
    expect(await rejection(() => split('flowers', 0.2, 0))).toContain("expected a data set, got 'flowers'")
    const short = { ...labelled([0, 0]), length: 3 }
    expect(await rejection(() => split(short, 0.2, 0))).toBe(
      'randomSplit: the data set has 3 samples, but 2 labels'
    )
  })

  it('refuses classes of one sample each', async () => {
    expect(await rejection(() => randomSplit(labelled([0, 1, 2]), 0.5, 0))).toContain('no class has two')
    expect(await rejection(() => randomSplit(labelled([]), 0.5, 0))).toContain('no class has two')
  })
})
