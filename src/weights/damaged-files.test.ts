// Reading a damaged file returns a state dict or throws a WeightsError, without delay.
import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dataView } from './bytes.js'
import { faultOf } from './testing/fault-of.js'
import { concat } from './testing/hostile-files.js'
import { processorTime } from './testing/processor-time.js'

const FOLDER = fileURLToPath(new URL('../../test/goldens/weights/', import.meta.url))
const FILES = new Map<string, Uint8Array>(
  readdirSync(FOLDER)
    .filter(name => /\.(pth|pt|safetensors)$/.test(name))
    .map(name => [name, new Uint8Array(readFileSync(`${FOLDER}${name}`))])
)
// Checksums detect nearly every change first; without them a change reaches the parsers.
for (const [name, bytes] of [...FILES]) {
  if (bytes[0] === 0x50) FILES.set(`${name} without checksums`, withoutChecksums(bytes))
}

/** The bytes of one of the files. */
function fileNamed(name: string): Uint8Array {
  return FILES.get(name) ?? new Uint8Array(0)
}

/** A zip archive whose directory has zeros in place of the checksums. */
function withoutChecksums(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  for (let at = copy.length - 46; at >= 0; at--) {
    if (dataView(copy).getUint32(at, true) === 0x02014b50) copy.fill(0, at + 16, at + 20)
  }
  return copy
}

type Change = (bytes: Uint8Array) => Uint8Array

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const at = (bytes: Uint8Array, where: number): number => Math.floor(where * bytes.length)

const flipBit: fc.Arbitrary<Change> = fc.tuple(place, fc.nat(7)).map(([where, bit]) => bytes => {
  if (bytes.length > 0) bytes[at(bytes, where)] ^= 1 << bit
  return bytes
})
const setBytes: fc.Arbitrary<Change> = fc
  .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 9 }))
  .map(([where, values]) => bytes => {
    values.forEach((value, i) => (bytes[at(bytes, where) + i] = value))
    return bytes
  })
const setExtreme: fc.Arbitrary<Change> = fc
  .tuple(place, fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.constantFrom(1, 2, 4, 8))
  .map(
    ([where, value, length]) =>
      bytes =>
        bytes.fill(value, at(bytes, where), at(bytes, where) + length)
  )
const moveBytes: fc.Arbitrary<Change> = fc.tuple(place, place, fc.nat(64)).map(
  ([to, from, length]) =>
    bytes =>
      bytes.copyWithin(at(bytes, to), at(bytes, from), at(bytes, from) + length)
)
const cut: fc.Arbitrary<Change> = place.map(where => bytes => bytes.slice(0, at(bytes, where)))
const remove: fc.Arbitrary<Change> = fc.tuple(place, fc.nat(64)).map(([where, length]) => bytes => {
  const start = at(bytes, where)
  return concat(bytes.subarray(0, start), bytes.subarray(start + length))
})
// Properties draw names, not bytes, so that failures are readable.
const anyName = fc.constantFrom(...FILES.keys())
const splice: fc.Arbitrary<Change> = fc
  .tuple(place, anyName, place, fc.nat(300))
  .map(([where, name, from, length]) => bytes => {
    const other = fileNamed(name)
    const piece = other.subarray(at(other, from), at(other, from) + length)
    return concat(bytes.subarray(0, at(bytes, where)), piece, bytes.subarray(at(bytes, where)))
  })
const anyChange = fc.oneof(flipBit, setBytes, setExtreme, moveBytes, cut, remove, splice)

describe('damaged files', () => {
  it('are read or refused, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyName,
        fc.array(anyChange, { minLength: 1, maxLength: 4 }),
        async (name, changes) => {
          const bytes = changes.reduce<Uint8Array>(
            (changed, change) => change(changed),
            fileNamed(name).slice()
          )
          const start = processorTime()
          await faultOf(bytes)
          expect(processorTime() - start).toBeLessThan(2000)
        }
      ),
      { numRuns: 6000 }
    )
  })

  it.each([...FILES].filter(([name]) => /^(zip-dtypes|legacy-views|tar-dtypes|torch2-dtypes.s)/.test(name)))(
    '%s is refused wherever it is cut',
    async (_, bytes) => {
      const step = Math.max(1, Math.floor(bytes.length / 400))
      for (let length = 0; length < bytes.length; length += step) {
        // The final zeros of a tar archive are not needed.
        if (bytes.subarray(length).every(byte => byte === 0)) break
        expect(await faultOf(bytes.slice(0, length)), `cut to ${length} bytes`).toBeDefined()
      }
    }
  )

  it.each([...FILES].filter(([name]) => name.includes(' without') && !/refused|ambiguous/.test(name)))(
    '%s is read',
    async (_, bytes) => {
      expect(await faultOf(bytes)).toBeUndefined()
    }
  )
})
