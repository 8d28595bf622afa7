import * as fc from 'fast-check'

export type Damage = (bytes: Uint8Array) => Uint8Array<ArrayBuffer>

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
// Half of all damage targets sizes: at the start and, for gzip, the end.
const anywhere = fc.oneof(
  place.map(where => (length: number) => Math.floor(where * length)),
  fc.nat(24).map(at => () => at),
  fc.nat(8).map(back => (length: number) => Math.max(0, length - 1 - back))
)

const setByte: fc.Arbitrary<Damage> = fc
  .tuple(anywhere, fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)))
  .map(([where, value]) => bytes => {
    const copy = Uint8Array.from(bytes)
    copy[where(copy.length)] = value
    return copy
  })
const cut: fc.Arbitrary<Damage> = anywhere.map(
  where => bytes => Uint8Array.from(bytes.subarray(0, where(bytes.length)))
)
const insert: fc.Arbitrary<Damage> = fc
  .tuple(anywhere, fc.uint8Array({ minLength: 1, maxLength: 9 }))
  .map(([where, more]) => bytes => {
    const at = where(bytes.length)
    return Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at)])
  })

/** One to four kinds of damage in sequence. */
export const anyDamage: fc.Arbitrary<Damage> = fc
  .array(fc.oneof(setByte, setByte, cut, insert), { minLength: 1, maxLength: 4 })
  .map(
    steps => bytes =>
      steps.reduce<Uint8Array<ArrayBuffer>>((damaged, step) => step(damaged), Uint8Array.from(bytes))
  )
