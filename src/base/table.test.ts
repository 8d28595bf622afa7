import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, shortened, tableLines } from './table.js'

const rows = [
  ['class', 'recall', 'images'],
  ['a cat that has a name of many words', '98.1 %', '10'],
  ['猫', '7.0 %', '1,000']
]

describe('a table', () => {
  it('has texts on the left and figures on the right, by what a terminal shows', () => {
    expect(tableLines(rows, { left: 1 })).toEqual([
      'class                                recall  images',
      'a cat that has a name of many words  98.1 %      10',
      '猫                                    7.0 %   1,000'
    ])
  })

  it('fits a width by shortening texts, and never figures', () => {
    expect(tableLines(rows, { left: 1, width: 36 })).toEqual([
      'class                 recall  images',
      'a cat that…any words  98.1 %      10',
      '猫                     7.0 %   1,000'
    ])
    expect(tableLines(rows, { left: 1, width: 1 })[1]).toBe('a ca…rds  98.1 %      10')
  })

  it('escapes its cells', () => {
    expect(tableLines([['a\u001b', 'b\n']], { left: 2 })).toEqual(['a\\u{1b}  b\\u{a}'])
  })

  it('is as wide as asked for, whatever the texts', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 20, max: 90 }), (a, b, width) => {
        for (const line of tableLines([[a, b]], { left: 2, width })) {
          expect(columnsOf(line)).toBeLessThanOrEqual(width)
        }
      })
    )
  })
})

describe('a shortened text', () => {
  it('keeps its start and its end', () => {
    expect([0, 1, 2, 3, 4, 9, 10].map(width => shortened('abcdefghij', width))).toEqual([
      '',
      '…',
      'a…',
      'a…j',
      'ab…j',
      'abcd…ghij',
      'abcdefghij'
    ])
  })
})
