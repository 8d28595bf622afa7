import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from './walk-folder.js'

/** The same, slowly: a list of code points. */
function compareSlowly(a: string, b: string): number {
  const [left, right] = [a, b].map(text => Array.from(text, char => char.codePointAt(0) ?? 0))
  const at = left.findIndex((code, i) => code !== right[i])
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? -1)
}

describe('compareCodePoints', () => {
  it("sorts as Python's sorted does", () => {
    // python3 -c "print(sorted(['𝒜', 'ﬁ', 'é', 'e', 'Z', 'a', 'a1', '10', '9', '']))"
    const sorted = ['', '10', '9', 'Z', 'a', 'a1', 'e', 'é', 'ﬁ', '𝒜']
    expect(sorted.toReversed().sort(compareCodePoints)).toEqual(sorted)
  })

  it('compares code point by code point', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\ue000', '\uffee', '𝒜', '𝒞', '😀') })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(compareSlowly(a, b)))
      })
    )
  })
})
