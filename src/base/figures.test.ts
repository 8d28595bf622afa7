import { describe, expect, it } from 'vitest'
import { counted, formatDuration, formatLoss, formatRate, formatShare, thereAre } from './figures.js'

describe('figures', () => {
  it.each([
    [0, '0.0 %'],
    [0.98123, '98.1 %'],
    [0.9997, '99.97 %'],
    [0.9999999, '99.99 %'],
    [1, '100.0 %'],
    [NaN, '–'],
    [Infinity, '–']
  ])('the share %d is shown as %s', (share, text) => {
    expect(formatShare(share)).toBe(text)
  })

  it.each([
    [0, '0.0000'],
    [2.30259, '2.3026'],
    [0.00012345, '1.23e-4'],
    [1.5e30, '1.50e+30'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞']
  ])('the loss %d is shown as %s', (loss, text) => {
    expect(formatLoss(loss)).toBe(text)
  })

  it.each([
    [0.1, '0.1'],
    [0.0005, '0.0005'],
    [3.125e-7, '3.125e-7'],
    [0.0612345678, '0.06123'],
    [NaN, '–']
  ])('the learning rate %d is shown as %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text)
  })

  it('counts', () => {
    expect(counted(1, 'epoch', 'epochs')).toBe('1 epoch')
    expect(counted(1000, 'class', 'classes')).toBe('1,000 classes')
    expect([1, 0].map(count => thereAre(count, 'class', 'classes'))).toEqual([
      'there is 1 class',
      'there are 0 classes'
    ])
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [42.4, '0:42'],
    [59.6, '1:00'],
    [723, '12:03'],
    [3599.5, '1:00:00'],
    [3723, '1:02:03'],
    [90_000, '25:00:00'],
    [NaN, '–'],
    [Infinity, '–']
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})
