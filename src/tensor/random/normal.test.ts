import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fma32 } from './normal.js'

/** An exact float64 as an integer over a power of two. */
function exact(value: number): { mantissa: bigint; exponent: number } {
  let exponent = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    exponent--
  }
  return { mantissa: BigInt(scaled), exponent }
}

/** a · b + c in exact integer arithmetic, rounded once to the nearest float32, ties to even. */
function reference(a: number, b: number, c: number): number {
  const [x, y, z] = [exact(a), exact(b), exact(c)]
  const exponent = Math.min(x.exponent + y.exponent, z.exponent)
  const product = (x.mantissa * y.mantissa) << BigInt(x.exponent + y.exponent - exponent)
  const sum = product + (z.mantissa << BigInt(z.exponent - exponent))
  const sign = sum < 0n ? -1 : 1
  const magnitude = sum < 0n ? -sum : sum
  const drop = Math.max(0, magnitude.toString(2).length - 24)
  let kept = magnitude >> BigInt(drop)
  const rest = magnitude - (kept << BigInt(drop))
  const half = drop === 0 ? 1n : 1n << BigInt(drop - 1)
  if (drop > 0 && (rest > half || (rest === half && kept % 2n === 1n))) kept += 1n
  return sign * Number(kept) * 2 ** (drop + exponent)
}

describe('fma32', () => {
  const float = fc.tuple(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), fc.integer({ min: -30, max: 5 }))
  const value = float.map(([mantissa, exponent]) => mantissa * 2 ** exponent)

  it('rounds once, whatever the operands', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(fma32(a, b, c) + 0).toBe(reference(a, b, c) + 0)
      }),
      { numRuns: 5000 }
    )
  })

  it('rounds once where rounding to double first would land on a midpoint', () => {
    // 2²⁴ + 1 is half-way between two float32; the product's last bit, 2⁻⁶⁰, decides.
    const tiny = 2 ** -30
    expect(fma32(tiny, tiny, 2 ** 24 + 2)).toBe(2 ** 24 + 2)
    for (const sign of [1, -1]) {
      const a = Math.fround(1 + 2 ** -12)
      const c = 2 ** 24
      const b = Math.fround(1 - 2 ** -12 + sign * 2 ** -24)
      expect(fma32(a, b, c)).toBe(reference(a, b, c))
      expect(fma32(-a, b, -c)).toBe(reference(-a, b, -c))
    }
  })
})
