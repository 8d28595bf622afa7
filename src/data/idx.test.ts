import * as fc from 'fast-check'
import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readIdx } from './idx.js'
import { anyDamage } from './testing/damage.js'
import { idxBytes } from './testing/idx-bytes.js'
import { rejection } from './testing/rejection.js'

const file = (bytes: Uint8Array): File => new File([Uint8Array.from(bytes)], 'some-idx')
const fault = (bytes: Uint8Array): Promise<string> => rejection(() => readIdx(file(bytes)))

const plain = idxBytes([2, 3], [1, 2, 3, 4, 5, 250])
const zipped = gzipSync(plain, { filename: 'some name', mtime: 0 })

/** Gzip's trailer, with another size. */
function withSize(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  new DataView(copy.buffer).setUint32(copy.length - 4, size, true)
  return copy
}

describe('readIdx', () => {
  it.each([
    ['plain', plain],
    ['gzip', zipped],
    ['gzip without a name', gzipSync(plain)],
    ['gzip with every field', withEveryField(zipped)],
    ['gzip, stored', gzipSync(plain, { level: 0 })]
  ])('reads %s', async (_, bytes) => {
    const { shape, data } = await readIdx(file(bytes))
    expect(shape).toEqual([2, 3])
    expect([...data]).toEqual([1, 2, 3, 4, 5, 250])
  })

  it('reads more than a step of gzip at once', async () => {
    const data = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 31) >>> 5)
    const idx = await readIdx(file(gzipSync(idxBytes([300_000], data))))
    expect(Buffer.compare(idx.data, data)).toBe(0)
  })

  it.each([
    ['nothing', new Uint8Array(0), 'is not an IDX file: it has only 0 bytes'],
    ['text', Uint8Array.from(Buffer.from('<html>')), 'is not an IDX file, gzipped or not'],
    ['an unknown type', Uint8Array.of(0, 0, 10, 1), 'is not an IDX file, gzipped or not'],
    ['another type', Uint8Array.of(0, 0, 13, 1), 'is an IDX file of float32, where only uint8 is read'],
    ['no dimensions', Uint8Array.of(0, 0, 8, 0, 5), 'is an IDX file without dimensions'],
    ['half a header', plain.slice(0, 11), 'is a truncated IDX file: its header is incomplete'],
    ['too little', plain.slice(0, -1), 'says it holds 2 × 3 bytes, but has 5'],
    ['too much', Uint8Array.from([...plain, 0]), 'says it holds 2 × 3 bytes, but has 7'],
    [
      'sizes past any memory',
      idxBytes(Array<number>(8).fill(2 ** 32 - 1), [1]),
      `says it holds ${Array<number>(8)
        .fill(2 ** 32 - 1)
        .join(' × ')} bytes, but has 1`
    ],
    ['a gzip header alone', zipped.slice(0, 12), 'is a truncated gzip file'],
    ['two bytes of gzip', zipped.slice(0, 2), 'is not a gzip file'],
    ['gzip cut short', zipped.slice(0, -9), 'is a truncated or damaged gzip file'],
    ['gzip that says it is long', withSize(zipped, 2 ** 32 - 1), 'is a truncated or damaged gzip file'],
    [
      'gzip that says it is longer',
      withSize(zipped, plain.length + 1),
      'is a truncated or damaged gzip file'
    ],
    [
      'gzip that says it is shorter',
      withSize(zipped, plain.length - 1),
      'is a truncated or damaged gzip file'
    ],
    ['gzip of text', gzipSync(Buffer.from('text')), 'is not an IDX file, gzipped or not']
  ])('refuses %s', async (_, bytes, expected) => {
    expect(await fault(bytes)).toBe(`some-idx: ${expected}`)
  })

  it('compares the checksum', async () => {
    const wrong = Uint8Array.from(zipped)
    wrong[wrong.length - 8] ^= 1
    expect(await fault(wrong)).toContain('damaged gzip file')
  })

  it('names a file that is missing', async () => {
    expect(await rejection(() => readIdx('/nowhere/at-all'))).toBe('/nowhere/at-all: no such file')
  })

  it.each([
    ['plain', plain],
    ['gzip', zipped]
  ])('reads or refuses damaged %s', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async damage => {
        const damaged = damage(bytes)
        const size = await readIdx(file(damaged)).then(
          ({ shape, data }) => {
            expect(shape.reduce((a, b) => a * b, 1)).toBe(data.length)
            return data.length
          },
          (error: unknown) => {
            expect(error).toMatchObject({ name: 'DatasetError', path: 'some-idx' })
            return 0
          }
        )
        expect(size).toBeLessThanOrEqual(1032 * damaged.length)
      }),
      { numRuns: 3000 }
    )
  })
})

/** The same gzip file with an extra field, a comment and a checksum of its header. */
function withEveryField(bytes: Uint8Array): Uint8Array {
  const nameEnd = bytes.indexOf(0, 10) + 1
  const header = [...bytes.subarray(0, 3), 2 | 4 | 8 | 16, ...bytes.subarray(4, 10)]
  const comment = [104, 105, 0]
  return Uint8Array.from([
    ...header,
    ...[3, 0, 9, 9, 9],
    ...bytes.subarray(10, nameEnd),
    ...comment,
    ...[0, 0],
    ...bytes.subarray(nameEnd)
  ])
}
