import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './address.js'
import {
  choice,
  ignoredIn,
  names,
  oneOf,
  readFields,
  text,
  wholeNumber,
  writeFields,
  type Fields
} from './codecs.js'

interface Values {
  readonly model: string
  readonly shortcut: 'on' | 'off'
  readonly classes: number | undefined
  readonly open: readonly string[]
  readonly compare: 'a' | 'b' | undefined
}

const FIELDS: Fields<Values> = {
  model: text('resnet18'),
  shortcut: choice(['on', 'off']),
  classes: wholeNumber(1, 1000),
  open: names(['layer1']),
  compare: oneOf(['a', 'b'])
}

const readHash = (hash: string): Values => readFields(FIELDS, parseAddress(hash).queries.architecture)

describe('an address', () => {
  it('says where the page is', () => {
    const { part, queries } = parseAddress('#/run?model=resnet50&lang=zh')
    expect(part).toBe('run')
    expect(queries.run).toEqual({ model: 'resnet50' })
    expect(queries.page).toEqual({ lang: 'zh' })
  })

  it('is read back as it was written, whatever the values are', () => {
    const values = fc.record<Values>({
      model: fc.string({ minLength: 1, maxLength: 200 }),
      shortcut: fc.constantFrom('on', 'off'),
      classes: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
      open: fc.array(fc.stringMatching(/^[a-z0-9.]+$/)),
      compare: fc.constantFrom('a', 'b', undefined)
    })
    fc.assert(
      fc.property(values, written => {
        const { part, queries } = parseAddress('#/architecture')
        const query = writeFields(FIELDS, written)
        const hash = formatAddress({ part, queries: { ...queries, architecture: query } })
        expect(readHash(hash)).toEqual(written)
      })
    )
  })

  it('leaves out what would hold anyway', () => {
    const { queries } = parseAddress('#/architecture')
    expect(writeFields(FIELDS, readFields(FIELDS, queries.architecture))).toEqual({})
  })

  it('remembers the other parts', () => {
    const before = parseAddress('#/architecture?model=resnet50')
    const after = parseAddress('#/train?depth=20', before.queries)
    expect(after.queries.architecture).toEqual({ model: 'resnet50' })
    expect(formatAddress(after)).toBe('#/train?depth=20')
  })

  it('survives nonsense, and says what it ignored', () => {
    const hash = '#/architecture?classes=-3&shortcut=maybe&model=x&flavour=lime'
    expect(readHash(hash)).toMatchObject({ classes: undefined, shortcut: 'on', model: 'x' })
    const ignored = ignoredIn(FIELDS, parseAddress(hash).queries.architecture)
    expect(ignored.map(({ name }) => name)).toEqual(['classes', 'shortcut', 'flavour'])
    expect(parseAddress('#/kitchen').unknownPart).toBe('kitchen')
    fc.assert(fc.property(fc.string(), junk => void readHash(`#${junk}`)))
  })

  it('does not take what every object has for one of its names', () => {
    expect(parseAddress('#/architecture?constructor=1').queries.page).toEqual({})
  })
})
