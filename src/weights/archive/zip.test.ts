// Zip archives that are damaged, malicious, or larger than 4 GiB.
import { Deflate, zipSync } from 'fflate'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../bytes.js'
import { faultOf } from '../testing/fault-of.js'
import { concat, dictOf, little, storageId, tensor, zipOf } from '../testing/hostile-files.js'
import { readZipDirectory, readZipEntry, directory } from './zip.js'

const oneFloat = tensor(storageId('0', 1), 'K\0', 'K\x01\x85', 'K\x01\x85')
const pickle = { name: 'a/data.pkl', bytes: dictOf({ w: oneFloat }) }
const storage = { name: 'a/data/0', bytes: Uint8Array.of(0, 0, 128, 63) }

/** A zip64 extra field with these numbers. */
function wide(...numbers: number[]): Uint8Array {
  return concat(little(1, 2), little(8 * numbers.length, 2), ...numbers.map(number => little(number, 8)))
}

describe('zip archives', () => {
  it('are read if they are valid', async () => {
    expect(await faultOf(zipOf(pickle, storage))).toBeUndefined()
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['two entries of one name', zipOf(pickle, storage, storage), /two entries named "a\/data\/0"/],
    ['two pickles', zipOf(pickle, storage, { ...pickle, name: 'b/data.pkl' }), /more than one data\.pkl/],
    ['no storage', zipOf(pickle), /without "a\/data\/0"/],
    ['encryption', zipOf(pickle, { ...storage, flags: 1 }), /"a\/data\/0" is encrypted/],
    ['another method', zipOf(pickle, { ...storage, method: 93 }), /compressed by method 93/],
    ['a header past the end', zipOf(pickle, { ...storage, offset: 2 ** 31 }), /lies past its end/],
    [
      'a header of 2⁶³',
      zipOf(pickle, { ...storage, offset: 2 ** 32 - 1, extra: wide(2 ** 63) }),
      /lies past its end/
    ],
    [
      'bytes past the end',
      zipOf(pickle, { ...storage, stored: 2 ** 31, size: 2 ** 31 }),
      /lies past its end/
    ],
    [
      'bytes of 2⁶⁴',
      zipOf(pickle, {
        ...storage,
        stored: 2 ** 32 - 1,
        size: 2 ** 32 - 1,
        extra: wide(2 ** 64 - 2048, 2 ** 64 - 2048)
      }),
      /lies past its end/
    ],
    [
      'a zip64 field cut short',
      zipOf(pickle, { ...storage, stored: 2 ** 32 - 1, extra: wide() }),
      /cut short/
    ],
    ['an offset that is no header', zipOf(pickle, { ...storage, offset: 3 }), /"a\/data\/0" has no header/],
    [
      'two sizes for stored bytes',
      zipOf(pickle, { ...storage, size: 5 }),
      /cannot have 5 bytes, 4 are stored/
    ],
    [
      'a pickle of a gigabyte',
      zipOf({ ...pickle, bytes: new Uint8Array(9), method: 8, size: 2 ** 30 }),
      /at most 536870912 are allowed|cannot have/
    ],
    [
      'a byte order of its own',
      zipOf(pickle, storage, { name: 'a/byteorder', bytes: Uint8Array.of(98, 105, 103) }),
      /byte order "big"/
    ],
    [
      'a wrong checksum',
      zipOf(pickle, { ...storage, crc: 1 }),
      /the checksum of entry "a\/data\/0" is wrong/
    ],
    [
      'a wrong checksum of its pickle',
      zipOf({ ...pickle, crc: 1 }, storage),
      /the checksum of entry "a\/data\.pkl"/
    ]
  ])('with %s are refused', async (_, bytes, fault) => {
    expect(await faultOf(bytes)).toMatch(fault)
  })

  it('are refused for one flipped bit in a tensor, which torch would not notice', async () => {
    const file = readFileSync(new URL('../../../test/goldens/weights/zip-dtypes.pth', import.meta.url))
    const at = file.indexOf(Buffer.from('ffffff7f', 'hex'))
    file[at] ^= 4
    expect(await faultOf(new Uint8Array(file))).toMatch(/the checksum of entry ".*data\/\d+" is wrong/)
  })

  it('with a directory that is too large are refused', async () => {
    const end = concat(
      'PK\x05\x06',
      little(0, 4),
      '\xff\xff\xff\xff',
      little(2 ** 32 - 1, 4),
      little(0, 4),
      little(0, 2)
    )
    expect(await faultOf(concat('PK\x03\x04', end))).toMatch(/directory lies past its end/)
    const record = [...directory([], 0)]
    expect(await faultOf(concat(...record))).toMatch(/without a data\.pkl/)
    const size = 65 * 2 ** 20
    const large = concat(
      'PK\x03\x04',
      new Uint8Array(size),
      'PK\x05\x06',
      little(0, 8),
      little(size, 4),
      little(4, 4),
      '\0\0'
    )
    expect(await faultOf(large)).toMatch(/archive of 0 entries, listed in \d+ bytes: too many/)
  })
})

describe('deflated entries', () => {
  /** Deflate data of empty 5-byte blocks, followed by four zeros. */
  const verbose = (count: number): Uint8Array =>
    concat(Buffer.alloc(5 * count, Buffer.of(0, 0, 0, 0xff, 0xff)), '\x01\x04\0\xfb\xff\0\0\0\0')

  it('are read', async () => {
    const names = { 'a/data.pkl': pickle.bytes, 'a/data/0': storage.bytes }
    expect(await faultOf(zipSync(names, { level: 9 }))).toBeUndefined()
    expect(
      await faultOf(zipOf(pickle, { ...storage, method: 8, bytes: verbose(10), size: 4 }))
    ).toBeUndefined()
  })

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a quarter of a gigabyte for its pickle',
      zipSync({ 'a/data.pkl': new Uint8Array(2 ** 28) }, { level: 9 }),
      /takes the memory it needs past/
    ],
    [
      'more than deflate can hold',
      zipOf(pickle, { ...storage, method: 8, size: 5000 }),
      /cannot have 5000 bytes/
    ],
    [
      'much to read for little',
      zipOf(pickle, { ...storage, method: 8, bytes: verbose(1000), size: 4 }),
      /cannot have 4 bytes/
    ],
    [
      'no deflate data',
      zipOf(pickle, { ...storage, method: 8, bytes: Uint8Array.of(7, 7, 7, 7) }),
      /is not deflate data/
    ],
    [
      'more bytes than it says',
      zipOf({ ...pickle, method: 8, bytes: verbose(0), size: 3 }),
      /is longer than it says/
    ],
    [
      'fewer bytes than it says',
      zipOf({ ...pickle, method: 8, bytes: verbose(0), size: 5 }),
      /is shorter than it says/
    ]
  ])('with %s are refused', async (_, bytes, fault) => {
    expect(await faultOf(bytes)).toMatch(fault)
  })

  it('count against the memory limit of a file, even if entries share their bytes', async () => {
    const deflated: Uint8Array[] = []
    const deflate = new Deflate({ level: 9 }, chunk => deflated.push(chunk))
    deflate.push(new Uint8Array(4 * 2 ** 20), true)
    const numel = 2 ** 20
    const zeros = concat(...deflated)
    const view = (key: string): Uint8Array => tensor(storageId(key, numel), 'K\0', 'K\x01\x85', 'K\x01\x85')
    const keys = Array.from({ length: 200 }, (__, i) => String(i))
    const bomb = zipOf(
      { name: 'a/data.pkl', bytes: dictOf(Object.fromEntries(keys.map(key => [`w${key}`, view(key)]))) },
      { name: 'b', bytes: zeros },
      ...keys.map(key => ({
        name: `a/data/${key}`,
        method: 8,
        stored: zeros.length,
        size: 4 * numel,
        offset: 0
      }))
    )
    expect(bomb.length).toBeLessThan(100_000)
    const before = process.memoryUsage().arrayBuffers
    expect(await faultOf(bomb)).toMatch(/memory it needs past \d+ bytes; give a larger maxBytes/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
  })
})

describe('archives past 4 GiB', () => {
  it('are written and read with 64-bit numbers', async () => {
    // A sparse file of 6 GiB.
    const start = 6 * 2 ** 30
    const local = concat('PK\x03\x04', little(0, 22), little(1, 2), little(2, 2), 'b', '..')
    const records = [
      { name: new TextEncoder().encode('a'), size: 5 * 2 ** 30, crc: 0, offset: 0 },
      { name: new TextEncoder().encode('b'), size: 3, crc: 0, offset: start - 100 }
    ]
    const parts: [number, Uint8Array][] = [
      [start - 100, concat(local, 'xyz')],
      [start, concat(...directory(records, start))]
    ]
    const source: ByteSource = {
      name: 'a large file',
      size: start + parts[1][1].length,
      async read(offset, length) {
        const found = parts.find(([at, bytes]) => at <= offset && offset + length <= at + bytes.length)
        if (found !== undefined) return found[1].subarray(offset - found[0], offset - found[0] + length)
        if (offset >= start - 2 ** 16)
          return concat(new Uint8Array(start - offset), parts[1][1]).subarray(0, length)
        throw new Error(`nobody needs ${length} bytes at ${offset}`)
      }
    }
    const entries = await readZipDirectory(source)
    expect(entries.get('a')).toMatchObject({ size: 5 * 2 ** 30, storedSize: 5 * 2 ** 30, headerOffset: 0 })
    const entry = entries.get('b')
    expect(entry?.headerOffset).toBe(start - 100)
    expect(entry && new TextDecoder().decode(await readZipEntry(source, entry))).toBe('xyz')
  })

  it('have more than 65,535 entries', async () => {
    const records = Array.from({ length: 70_000 }, (_, i) => ({
      name: new TextEncoder().encode(`a/data/${i}`),
      size: 0,
      crc: 0,
      offset: 0
    }))
    const header = new Uint8Array(100)
    const file = concat(header, ...directory(records, header.length))
    const entries = await readZipDirectory({
      name: 'many',
      size: file.length,
      read: (offset, length) => Promise.resolve(file.subarray(offset, offset + length))
    })
    expect(entries.size).toBe(70_000)
  })
})
