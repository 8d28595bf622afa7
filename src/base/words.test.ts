import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableJson, quote, shown } from './words.js'

/** C0, DEL, C1, line and paragraph separators, marks and changes of direction. */
const ACTING = [
  0, 7, 8, 9, 10, 13, 27, 31, 127, 128, 0x9b, 0x9f, 0x2028, 0x2029, 0x61c, 0x200e, 0x200f
].concat([0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069])

describe('a name from anywhere', () => {
  it('has no character that acts on a terminal, and keeps all others', () => {
    for (const code of ACTING)
      expect(printable(`a${String.fromCharCode(code)}`)).toBe(`a\\u{${code.toString(16)}}`)
    const harmless = 'Bär 猫 \u{1f469}\u200d\u{1f52c} می\u200cخواهم'
    expect(printable(harmless)).toBe(harmless)
  })

  it('stands in quotes with the same characters escaped', () => {
    expect(quote('a"\u001b\u009b\u202e')).toBe('"a\\"\\u001b\\u{9b}\\u{202e}"')
  })

  it('reads back from JSON as it was', () => {
    const character = fc.oneof(fc.constantFrom(...ACTING.map(code => String.fromCharCode(code))), fc.string())
    const text = fc.array(character).map(parts => parts.join(''))
    fc.assert(
      fc.property(text, text, fc.constantFrom(0, 2), (name, value, indent) => {
        const json = printableJson([{ [`_${name}`]: value }], indent)
        expect(JSON.parse(json)).toEqual([{ [`_${name}`]: value }])
        expect(printable(json.replaceAll('\n', ''))).toBe(json.replaceAll('\n', ''))
      })
    )
  })
})

describe('a value in a message', () => {
  it('says what is to be awaited, and which numbers are big', () => {
    expect(shown(Promise.resolve(1))).toBe('a promise: await it')
    expect(shown([10n, Symbol('a')])).toBe('[10n, Symbol(a)]')
  })
})
