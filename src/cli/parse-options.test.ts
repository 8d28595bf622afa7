import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyNumber,
  fromTo,
  numberOf,
  parseInputShape,
  parseNames,
  shareOrNone,
  wholeNumber
} from './parse-options.js'

describe('numbers', () => {
  it('are read as they are written, within their range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (value, least) => {
        if (value >= least) expect(wholeNumber(least)(String(value))).toBe(value)
        else expect(() => wholeNumber(least)(String(value))).toThrow(`of at least ${least}`)
      })
    )
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        expect(anyNumber(String(value))).toBe(Number(String(value)))
        if (value >= 0) expect(numberOf(0)(String(value))).toBe(Number(String(value)))
        else expect(() => numberOf(0)(String(value)), String(value)).toThrow('at least 0')
      })
    )
  })

  it.each(['', ' ', 'x', '1x', 'NaN', 'Infinity', '--1', '01', '-0', '0x1', '+1'])('are not: %j', text => {
    for (const parse of [wholeNumber(-9), anyNumber, numberOf(-9), fromTo(-9, 9), shareOrNone]) {
      expect(() => parse(text)).toThrow(/^Expected a /)
    }
  })

  it('have their ends', () => {
    expect([fromTo(0, 1)('0'), fromTo(0, 1)('1'), shareOrNone('0')]).toEqual([0, 1, 0])
    for (const text of ['-0.1', '1']) expect(() => shareOrNone(text)).toThrow('at least 0 and below 1')
    expect(() => wholeNumber(0)('1.5')).toThrow('a whole number')
    expect(() => wholeNumber(0)('1e3')).toThrow('a whole number')
  })
})

describe('lists', () => {
  it('are separated by commas', () => {
    expect(parseNames(' a, b,,c ')).toEqual(['a', 'b', 'c'])
    expect(parseInputShape('N, 3,8,8')).toEqual(['N', 3, 8, 8])
    expect(parseInputShape('1,5')).toEqual([1, 5])
    for (const text of ['', '3,N', '1,0', '1,-2', '1.5', '1,x', '1,03', '1,0x3', '1,1e1']) {
      expect(() => parseInputShape(text)).toThrow('sizes with the batch first')
    }
  })
})
