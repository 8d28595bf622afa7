import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../base/table.js'
import type { Line } from '../terminal/output.js'
import { asJson, measuredLines } from './scores.js'

// Six outputs, of which two have neither images nor predictions.
const confusion = [
  [7, 2, 0, 1, 0, 0],
  [3, 5, 0, 0, 0, 0],
  [4, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0]
]
const classes = ['cat', 'dog', 'an emu that has a very long name indeed', 'fox', 'gnu', 'hen']
const measured = { loss: 1.25, accuracy: 12 / 22, top5: 21 / 22, images: 22, confusion }
const plain = (line: Line): string =>
  typeof line === 'string' ? line : line.map(part => (typeof part === 'string' ? part : part.text)).join('')

describe('what eval says', () => {
  it('is top-1, top-5 and every class that there is, by figures counted by hand', () => {
    expect(measuredLines('net on data', measured, classes, 60).map(plain)).toEqual([
      'net on data: 22',
      'loss   1.2500',
      'top-1  54.5 %',
      'top-5  95.5 %',
      '',
      'class                      precision  recall      F1  images',
      'cat                           50.0 %  70.0 %  58.3 %      10',
      'dog                           71.4 %  62.5 %  66.7 %       8',
      'an emu that … name indeed          –   0.0 %   0.0 %       4',
      'fox                            0.0 %       –   0.0 %       0',
      'mean of classes               30.4 %  33.1 %  31.3 %      22'
    ])
  })

  it('fits terminals of any usual width', () => {
    for (const width of [48, 60, 80, 200]) {
      for (const line of measuredLines('net', measured, classes, width)) {
        expect(columnsOf(plain(line))).toBeLessThanOrEqual(width)
      }
    }
  })

  it('has no top-5 of five outputs', () => {
    const five = confusion.slice(0, 5).map(row => row.slice(0, 5))
    expect(
      measuredLines('net', { ...measured, confusion: five }, classes)
        .map(plain)
        .join()
    ).not.toContain('top-5')
  })

  it('is all of it as JSON', () => {
    expect(asJson(measured, classes)).toMatchObject({
      top1: 12 / 22,
      top5: 21 / 22,
      accuracy: 12 / 22,
      classes: [{ name: 'cat', f1: 14 / 24 }, {}, {}, {}, {}, { name: 'hen', support: 0 }]
    })
  })
})
