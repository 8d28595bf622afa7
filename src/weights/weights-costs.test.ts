// Files of weights at the limits: what they may cost, in processor time and memory.
import { expect, it } from 'vitest'
import { directory } from './archive/zip.js'
import { readWeights } from './read-weights.js'
import { concat, dictOf, latin1, storageId, tensor, zipOf } from './testing/hostile-files.js'

const weight = tensor(storageId('0', 1), 'K\0', 'K\x01\x85', 'K\x01\x85')
const pickle = { name: 'a/data.pkl', bytes: dictOf({ w: weight }) }
const storage = { name: 'a/data/0', bytes: Uint8Array.of(0, 0, 128, 63) }

/** A weight, and beside it a list of `count` values. */
function withList(value: string, count: number): Uint8Array {
  const list = concat('](', Buffer.alloc(count * value.length, latin1(value)), 'e')
  return zipOf(
    { ...pickle, bytes: dictOf({ state_dict: concat('}', 'U\x01w', weight, 's'), list }) },
    storage
  )
}

function withEntries(count: number): Uint8Array {
  const header = new Uint8Array(26)
  const files = concat('PK\x03\x04', header, pickle.bytes, 'PK\x03\x04', header, storage.bytes)
  const record = (name: string, size: number, offset: number): Parameters<typeof directory>[0][number] => ({
    name: latin1(name),
    size,
    crc: 0,
    offset
  })
  const others = Array.from({ length: count }, (_, i) => record(`a/${i}`, 0, 0))
  const [first, second] = [
    record(pickle.name, pickle.bytes.length, 0),
    record(storage.name, 4, 30 + pickle.bytes.length)
  ]
  return concat(files, Buffer.concat([...directory([first, second, ...others], files.length)]))
}

it.each<[string, Uint8Array, number]>([
  ['a million floats beside the weights', withList('G\x3f\xf0\0\0\0\0\0\0', 900_000), 120],
  ['as many dicts as are allowed', withList('}', 333_000), 150],
  ['as many lists as are allowed', withList(']', 999_000), 200],
  ['as many entries as are allowed', withEntries(249_000), 120]
])('%s: read in four seconds of processor time', async (_, file, megabytes) => {
  const [before, memory] = [process.cpuUsage(), process.memoryUsage().rss]
  expect([...(await readWeights(file)).keys()]).toEqual(['w'])
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1e6).toBeLessThan(4)
  expect((process.memoryUsage().rss - memory) / 2 ** 20).toBeLessThan(megabytes)
})

it('tensors that share their numbers are refused where each of its own would be without measure', async () => {
  const numel = 2 ** 18
  const shared = tensor(storageId('0', numel), 'K\0', 'J\0\0\x04\0\x85', 'K\x01\x85')
  const file = (count: number): Uint8Array => {
    const names = Array.from({ length: count }, (_, i) => [`w${i}`, shared])
    const bytes = dictOf(Object.fromEntries(names) as Record<string, Uint8Array>)
    return zipOf({ ...pickle, bytes }, { ...storage, bytes: new Uint8Array(4 * numel) })
  }
  expect((await readWeights(file(100))).size).toBe(100)
  await expect(readWeights(file(3000))).rejects.toThrow(
    /"w\d+" takes the memory it needs past \d+ bytes; give a larger maxBytes if you trust the file/
  )
  expect((await readWeights(file(3000), { maxBytes: 2 ** 32 })).size).toBe(3000)
})

it('more dicts are refused', async () => {
  await expect(readWeights(withList('}', 334_000))).rejects.toThrow(
    /more than 1000000 lists, tuples, dicts and objects/
  )
})
