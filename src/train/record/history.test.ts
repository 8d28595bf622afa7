import { describe, expect, it } from 'vitest'
import { boundedNames, thinnedHistory } from './history.js'
import type { EpochRecord } from './record.js'

const figures = { loss: 1, accuracy: 0.5 }

/** Norms of which about 60 fit. */
const gradientNorms = Object.fromEntries(
  Array.from({ length: 20_000 }, (_, i) => [`layer${10_000 + i}.weight`, i])
)
const record = (epoch: number, norms: EpochRecord['gradientNorms'] = gradientNorms): EpochRecord => ({
  epoch,
  step: epoch,
  learningRate: 0.1,
  train: figures,
  seconds: 1,
  imagesPerSecond: 1,
  gradientNorms: norms
})
const run = (epochs: number, norms?: EpochRecord['gradientNorms']): EpochRecord[] =>
  Array.from({ length: epochs }, (_, i) => record(i + 1, norms))
const withNorms = (epochs: readonly EpochRecord[]): number[] =>
  epochs.flatMap(({ epoch, gradientNorms: norms }) => (norms ? [epoch] : []))

describe('the history of a run', () => {
  it('stays as it is where it is short', () => {
    // As many norms as resnet152 has, under the longest of its names.
    const norms = Object.fromEntries(
      Array.from({ length: 156 }, (_, i) => [`layer3.${100 + i}.conv3.weight`, i / 3])
    )
    for (const epochs of [[], run(1), run(30), run(5000, norms)]) expect(thinnedHistory(epochs)).toBe(epochs)
  })

  it('keeps norms at even distances, and the first and the last, once it is long', () => {
    const thinned = thinnedHistory(run(200))
    expect(thinned.map(({ epoch }) => epoch)).toEqual(run(200).map(({ epoch }) => epoch))
    const kept = withNorms(thinned)
    expect([kept[0], kept.at(-1)]).toEqual([1, 200])
    const stride = kept[1] - kept[0]
    expect(kept.slice(0, -1)).toEqual(
      Array.from({ length: Math.ceil(200 / stride) }, (_, i) => 1 + i * stride).filter(epoch => epoch < 200)
    )
    // It is not thinned more than it has to be.
    expect(kept.length).toBeGreaterThan(25)
  })

  it('is the same whether it is thinned with each epoch or at the end', () => {
    const grown = run(300).reduce<readonly EpochRecord[]>(
      (epochs, next) => thinnedHistory([...epochs, next]),
      []
    )
    expect(withNorms(grown)).toEqual(withNorms(thinnedHistory(run(300))))
    expect(grown).toHaveLength(300)
  })

  it('of hundreds of thousands of epochs keeps every second, fourth, eighth … of them', () => {
    const epochs = thinnedHistory(run(200_000, { fc: 1 })).map(({ epoch }) => epoch)
    expect([epochs[0], epochs[1], epochs.at(-1)]).toEqual([1, 9, 200_000])
    expect(epochs).toHaveLength(25_001)
  })
})

describe('the names of unreadable pictures', () => {
  it('are all kept where they are few', () => {
    const names = ['a.jpg', 'b/\u{1f9ad} "c".jpg']
    expect(boundedNames(names)).toBe(names)
  })

  it('are the first ones where the header could not hold all', () => {
    const names = Array.from({ length: 300 }, (_, i) => `${i}/${'"'.repeat(50_000)}.jpg`)
    const kept = boundedNames(names)
    expect(kept).toEqual(names.slice(0, kept.length))
    // Each quote takes four bytes, as it is escaped twice.
    expect(kept).toHaveLength(49)
  })
})
