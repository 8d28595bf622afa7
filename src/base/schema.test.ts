import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBoolean, numberBetween, oneOf, wholeNumber } from './options.js'
import {
  checkedBy,
  dictionary,
  list,
  optional,
  partOf,
  plainText,
  readJson,
  record,
  SchemaError,
  text,
  type Reader
} from './schema.js'

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

/** The message of a refusal. */
const refusal = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof SchemaError) return error.message
    throw error
  }
  return 'nothing'
}

describe('text', () => {
  it('is as long as may be, and obeyed by no terminal where it is a name', () => {
    expect(text(3)('a\nb', 'name')).toBe('a\nb')
    expect(refusal(() => text(3)('abcd', 'name'))).toBe(
      "name: expected text of at most 3 characters, got 'abcd'"
    )
    expect(plainText(3)('aé', 'name')).toBe('aé')
    expect(refusal(() => plainText(9)('\u009b2J', 'name'))).toMatch(
      /^name: expected text .* controls a terminal, got/
    )
  })
})

it('partOf reads its keys and no others', () => {
  const readPart = partOf<{ readonly a: number }>({ a: checkedBy(wholeNumber(0)) })
  expect(readPart({ a: 1, later: {} }, 'it')).toEqual({ a: 1 })
  expect(refusal(() => readPart({ later: {} }, 'it'))).toBe(
    'it.a: expected a whole number of at least 0, got undefined'
  )
})

describe('dictionary', () => {
  const readCounts = dictionary(checkedBy(wholeNumber(0)), 3)

  it('holds names of any kind, and inherits none', () => {
    const counts = readCounts(JSON.parse('{"__proto__":1,"constructor":2}'), 'counts')
    expect(Object.entries(counts)).toEqual([
      ['__proto__', 1],
      ['constructor', 2]
    ])
    expect(counts.toString).toBeUndefined()
    expect(readCounts({}, 'counts').constructor).toBeUndefined()
  })

  it.each<[unknown, string]>([
    [{ 'a b': -1 }, "counts['a b']: expected a whole number of at least 0, got -1"],
    [{ a: 1, b: 1, c: 1, d: 1 }, 'counts: expected an object of at most 3 keys, got an object'],
    [
      { ['x'.repeat(2000)]: 1 },
      `counts: a key: expected text of at most 1024 characters, got '${'x'.repeat(40)}…'`
    ]
  ])('refuses %j', (data, message) => {
    expect(refusal(() => readCounts(data, 'counts'))).toBe(message)
  })
})

it('reads the named parts alone, of which an object may have a million others', () => {
  const endless = new Proxy(
    { a: 7 },
    {
      ownKeys() {
        throw new Error('all names were listed')
      }
    }
  )
  expect(partOf({ a: checkedBy(wholeNumber(0)), b: optional(text(9)) })(endless, 'it')).toEqual({ a: 7 })
})

describe('readJson', () => {
  const anything: Reader<unknown> = value => value

  it('parses, and checks what it has parsed', () => {
    expect(readJson('{"a":["]]","\\\\",{"b":"\\"["}]}', 'it', anything)).toEqual({
      a: [']]', '\\', { b: '"[' }]
    })
    expect(refusal(() => readJson('[1,', 'it', anything))).toBe("it: expected JSON, got '[1,'")
    expect(refusal(() => readJson('7', 'it', text(9)))).toBe(
      'it: expected text of at most 9 characters, got 7'
    )
  })

  it('makes nothing of what is too long, too deep or too many', () => {
    const many = `[${'[],'.repeat(2 ** 20)}[]]`
    expect(refusal(() => readJson(`"${'x'.repeat(100_000_000)}"`, 'it', anything))).toMatch(
      /^it: expected JSON of at most 100000000 characters/
    )
    expect(refusal(() => readJson('{"a":'.repeat(33), 'it', anything))).toBe(
      'it: is nested more than 32 deep'
    )
    expect(refusal(() => readJson(many, 'it', anything))).toBe('it: has more than 1048576 arrays and objects')
  })

  it('throws nothing but its own error, whatever the text', () => {
    const texts = fc.oneof(fc.json(), fc.string(), fc.stringMatching(/^[[\]{}",:0-9e.\\-]*$/))
    fc.assert(fc.property(texts, json => void refusal(() => readJson(json, 'it', anything))))
  })
})
