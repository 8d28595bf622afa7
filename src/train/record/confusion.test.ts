import { describe, expect, it } from 'vitest'
import { classScores, confusedPairs, macroAverages, worstFirst } from './confusion.js'

const classes = ['cat', 'dog', 'emu', 'fox']
// Of 10 cats 7 are found; no image is of a fox; nothing is taken for an emu.
const confusion = [
  [7, 2, 0, 1],
  [3, 5, 0, 0],
  [4, 0, 0, 0],
  [0, 0, 0, 0]
]

describe('classScores', () => {
  it('are those counted by hand', () => {
    expect(classScores(confusion, classes)).toEqual([
      { name: 'cat', support: 10, predicted: 14, precision: 7 / 14, recall: 7 / 10, f1: 14 / 24 },
      { name: 'dog', support: 8, predicted: 7, precision: 5 / 7, recall: 5 / 8, f1: 10 / 15 },
      { name: 'emu', support: 4, predicted: 0, precision: NaN, recall: 0, f1: 0 },
      { name: 'fox', support: 0, predicted: 1, precision: 0, recall: NaN, f1: 0 }
    ])
  })

  it('number classes without a name', () => {
    expect(classScores(confusion, ['cat']).map(({ name }) => name)).toEqual([
      'cat',
      'class 1',
      'class 2',
      'class 3'
    ])
  })

  it('are none for an empty matrix', () => {
    expect(classScores([])).toEqual([])
  })

  it('stand worst first, without classes that have no images', () => {
    expect(worstFirst(classScores(confusion, classes)).map(({ name }) => name)).toEqual(['emu', 'dog', 'cat'])
  })
})

describe('macroAverages', () => {
  it('count each class the same, and what is undefined as nothing', () => {
    const scores = classScores([...confusion.map(row => [...row, 0]), [0, 0, 0, 0, 0]], classes)
    const { precision, recall, f1 } = macroAverages(scores)
    // Of four classes: the fifth has neither images nor predictions.
    expect(precision).toBeCloseTo((7 / 14 + 5 / 7) / 4, 12)
    expect(recall).toBeCloseTo((7 / 10 + 5 / 8) / 4, 12)
    expect(f1).toBeCloseTo((14 / 24 + 10 / 15) / 4, 12)
  })
})

describe('confusedPairs', () => {
  it('are all mistakes, most frequent first', () => {
    expect(confusedPairs(confusion, classes)).toEqual([
      { actual: 'emu', predicted: 'cat', count: 4, share: 1 },
      { actual: 'dog', predicted: 'cat', count: 3, share: 3 / 8 },
      { actual: 'cat', predicted: 'dog', count: 2, share: 2 / 10 },
      { actual: 'cat', predicted: 'fox', count: 1, share: 1 / 10 }
    ])
  })
})
