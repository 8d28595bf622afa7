import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBoolean, numberBetween, oneOf, wholeNumber } from './options.js'
import { checkedBy, list, optional, record, SchemaError } from './schema.js'

interface Shape {
  readonly sides: readonly number[]
  readonly share?: number
  readonly mode: 'fast' | 'exact'
  readonly isOpen: boolean
}
const read = record<Shape>({
  sides: list(checkedBy(wholeNumber(1, 9)), 1, 3),
  share: optional(checkedBy(numberBetween(0, 1))),
  mode: checkedBy(oneOf('fast', 'exact')),
  isOpen: checkedBy(aBoolean)
})
const whole_: Shape = { sides: [1, 2], share: 0.5, mode: 'fast', isOpen: false }

const fault = (data: unknown): string => {
  try {
    read(data, 'shape')
  } catch (error) {
    if (error instanceof SchemaError) return error.message
    throw error
  }
  return 'nothing'
}

describe('record', () => {
  it('copies what its schema knows', () => {
    const made = read(whole_, 'shape')
    expect(made).toEqual(whole_)
    expect(made.sides).not.toBe(whole_.sides)
    expect('share' in read({ ...whole_, share: undefined }, 'shape')).toBe(false)
  })

  it.each<[string, unknown, string]>([
    ['no object', 7, 'shape: expected an object, got 7'],
    ['null', null, 'shape: expected an object, got null'],
    ['a list', [1], 'shape: expected an object, got [1]'],
    ['a function', () => 1, 'shape: expected an object, got a function'],
    [
      'a missing key',
      { ...whole_, mode: undefined },
      "shape.mode: expected 'fast' or 'exact', got undefined"
    ],
    ['a misspelled key', { ...whole_, shares: 1 }, "shape: unknown option 'shares'; did you mean 'share'?"],
    [
      'an unknown key',
      { ...whole_, xyz: 1 },
      "shape: unknown option 'xyz'; expected one of sides, share, mode, isOpen"
    ],
    [
      'a number out of range',
      { ...whole_, share: 1.5 },
      'shape.share: expected a number from 0 to 1, got 1.5'
    ],
    ['NaN', { ...whole_, share: NaN }, 'shape.share: expected a number from 0 to 1, got NaN'],
    ['text', { ...whole_, share: '1' }, "shape.share: expected a number from 0 to 1, got '1'"],
    ['half', { ...whole_, sides: [1, 2.5] }, 'shape.sides[1]: expected a whole number from 1 to 9, got 2.5'],
    [
      'a gap',
      { ...whole_, sides: [1, , 2] },
      'shape.sides[1]: expected a whole number from 1 to 9, got undefined'
    ],
    [
      'too many',
      { ...whole_, sides: Array(99).fill(1) },
      'shape.sides: expected an array of 1 to 3, got an array of 99'
    ],
    [
      'another word',
      { ...whole_, mode: '\u001b[2J' },
      "shape.mode: expected 'fast' or 'exact', got '\\u001b[2J'"
    ],
    ['a number', { ...whole_, isOpen: 0 }, 'shape.isOpen: expected true or false, got 0']
  ])('refuses %s', (_, data, message) => {
    expect(fault(data)).toBe(message)
  })

  it('neither follows a prototype nor runs an accessor', () => {
    const nothing = (): never => {
      throw new Error('ran')
    }
    const inherited = Object.create(whole_) as unknown
    expect(fault(inherited)).toBe('shape.sides: expected an array of 1 to 3, got undefined')
    const computed = Object.defineProperty({ ...whole_ }, 'share', { get: nothing, enumerable: true })
    expect(read(computed, 'shape').share).toBeUndefined()
    const polluting: unknown = JSON.parse(
      `{ "__proto__": { "share": 0.1 }, ${JSON.stringify(whole_).slice(1)}`
    )
    expect(fault(polluting)).toMatch(/^shape: unknown option '__proto__'/)
  })

  it('throws nothing but its own error, in one short line, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withSparseArray: true, withTypedArray: true }),
        data => {
          const message = fault(data)
          expect(message).toMatch(/^(nothing|shape.*)$/)
          expect(message.length).toBeLessThan(200)
        }
      )
    )
  })
})

it('numbers come out as JSON would write them', () => {
  for (const check of [numberBetween(-1, 1), wholeNumber(0, 1)]) {
    expect(Object.is(checkedBy(check)(-0, 'zero'), 0)).toBe(true)
  }
})
