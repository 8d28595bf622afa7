// What stands beside the weights is no reason to refuse them, and NumPy's arrays are weights too: files that Python wrote in all
// protocols (tools/pickles_goldens.py).
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../tensor/dtype.js'
import { readWeights } from '../read-weights.js'
import { faultOf } from '../testing/fault-of.js'
import {
  checkpoint,
  concat,
  dictOf,
  little,
  PROTO,
  repeat,
  storageId,
  tensor,
  text
} from '../testing/hostile-files.js'

const FOLDER = fileURLToPath(new URL('../../../test/goldens/pickles/', import.meta.url))
type Files = Record<string, Record<string, { dtype: string; shape: number[]; hex: string }>>
const FILES = Object.entries(JSON.parse(readFileSync(`${FOLDER}expected.json`, 'utf8')) as Files)

const WEIGHT = tensor(storageId('0', 1), 'K\0', 'K\x01\x85', 'K\x01\x85')
const STORED = { 0: new Uint8Array(4) }

/** A checkpoint with weights, and something beside them. */
function beside(object: Uint8Array | string): Uint8Array {
  const weights = dictOf({ w: WEIGHT }).subarray(2, -1)
  return checkpoint(dictOf({ other: concat(object), state_dict: weights }), STORED)
}

describe('weights', () => {
  it.each(FILES)('of %s are those that torch reads', async (file, expected) => {
    const state = await readWeights(FOLDER + file)
    const found = Array.from(state, ([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, hex: Buffer.from(bytesOf(data)).toString('hex') }
    ])
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  it('with a million numbers beside them are read', async () => {
    const floats = concat('](', repeat(`G${'\x40'.repeat(8)}`, 1_000_000), 'e')
    expect(await faultOf(beside(floats))).toBeUndefined()
  })

  it('that a Python 2 pickle holds in strings are read', async () => {
    const dtype = 'cnumpy\ndtype\n(U\x02f4K\0K\x01tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb'
    const made = 'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\x01btR'
    for (const bytes of ['\0\0\x80?', '\xff\xff\xff\x7f', 'text']) {
      const array = concat(made, '(K\x01(K\x01t', dtype, '\x89U\x04', bytes, 'tb')
      const { w } = Object.fromEntries(await readWeights(dictOf({ w: array })))
      expect(String.fromCharCode(...bytesOf(w.data))).toBe(bytes)
    }
  })
})

describe('an object of an unknown class', () => {
  const made = concat('ca\nB\n)R')
  it.each([
    ['that is called', concat(made, ')R')],
    ['that is built', concat(made, '}b')],
    ['that is given items', concat(made, '(K\x01K\x02u')],
    ['that is given an item', concat(made, 'K\x01K\x02s')],
    ['that is appended to', concat(made, '(K\x01e')],
    ['of arguments by name', 'ca\nB\n)}\x92'],
    ['of protocol 0', '(ia\nB\n'],
    ['of protocol 1', '(ca\nB\no'],
    ['as a set', '\x8f(K\x01\x90'],
    ['as a key', concat('}', made, 'K\x01s')],
    ['named __proto__', 'c__proto__\n__proto__\n)R}b'],
    ['whose tensors have no bytes in the file', concat('ca\nB\n', storageId('9', 5), '\x85R')]
  ])('%s is left alone', async (_, object) => {
    expect(await faultOf(beside(object))).toBeUndefined()
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })

  it.each([
    ['a weight', dictOf({ w: made }), /entries that are not tensors: "w" is an object of "a\.B"$/],
    [
      'a weight among others',
      dictOf({
        'a.w': made,
        'a.b': tensor(storageId('0', 1), 'K\0', 'K\x01\x85', 'K\x01\x85'),
        epoch: concat('K\x03')
      }),
      /entries that are not tensors: "a\.w" is an object of "a\.B"$/
    ],
    ['the file', concat(PROTO, made, '.'), /^run torch\.save\(.* an object of "a\.B"/],
    [
      'a storage',
      dictOf({ w: tensor(made, 'K\0', 'K\x01\x85', 'K\x01\x85') }),
      /"w" is an object of "a\.B"$/
    ],
    [
      'a shape',
      dictOf({ w: tensor(storageId('0', 1), 'K\0', made, 'K\x01\x85') }),
      /no storage, size and stride/
    ],
    [
      'what an OrderedDict is made of',
      concat(PROTO, 'ccollections\nOrderedDict\n', made, '\x85R.'),
      /no list/
    ],
    ['an array of another dtype', dictOf({ w: arrayOf('O4') }), /a NumPy array of dtype "O4"/]
  ])('is not %s', async (_, pickle, fault) => {
    expect(await faultOf(checkpoint(pickle, STORED))).toMatch(fault)
  })
})

/** An array of one element of a dtype. */
function arrayOf(code: string): Uint8Array {
  const dtype = concat('cnumpy\ndtype\n', text(code), '\x85R')
  return concat('cnumpy.core.multiarray\n_reconstruct\n)R(K\x01K\x01\x85', dtype, '\x89', 'C\x04abcd', 'tb')
}

describe('a storage in the bytes of a pickle', () => {
  /** What torch.save writes of a storage alone, or of another object. */
  const file = (object: Uint8Array | string, keys: string, stored: Uint8Array): Uint8Array =>
    concat(
      concat(PROTO, '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'),
      concat(PROTO, 'M\xe9\x03.'),
      concat(PROTO, '}(X\x0d\0\0\0little_endian\x88u.'),
      concat(PROTO, object, '.'),
      concat(PROTO, keys, '.'),
      stored
    )
  const load = (bytes: Uint8Array): Uint8Array =>
    concat('ctorch.storage\n_load_from_bytes\nB', little(bytes.length, 4), bytes, '\x85R')
  const dump = (bytes: Uint8Array): Uint8Array =>
    dictOf({ w: tensor(load(bytes), 'K\0', 'K\x01\x85', 'K\x01\x85') })
  const ONE = concat(little(1, 8), '\0\0\x80?')
  const whole = file(storageId('0', 1), ']U\x010a', ONE)

  it('is read', async () => {
    const { w } = Object.fromEntries(await readWeights(dump(whole)))
    expect([...w.data]).toEqual([1])
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['cut off', whole.subarray(0, -1), /storage of 1 float32 that is not whole/],
    ['of another count', file(storageId('0', 2), ']U\x010a', ONE), /of 2 float32 that is not whole/],
    ['empty', new Uint8Array(0), /ends early/],
    ['of something else', file('K\x01', ']', ONE), /bytes that hold none/],
    ['within another', file(load(whole), ']U\x010a', ONE), /"w" is an object of|bytes that hold none/]
  ])('is refused when it is %s', async (_, bytes, fault) => {
    expect(await faultOf(dump(bytes))).toMatch(fault)
  })
})

describe('amplification', () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    ['names without end', repeat('ca\nB\n0', 1_200_000), /more than 1000000/],
    ['objects without end', concat('ca\nB\nq\x010', repeat('h\x01)R0', 1_200_000)), /more than 1000000/],
    ['values without end', repeat('N0', 9_000_000), /more than 8000000 values/],
    [
      'an integer of a megabyte',
      concat('\x8b', little(2 ** 20, 4), repeat('\x01', 2 ** 20)),
      /integer of 1048576 bytes/
    ],
    [
      'an array that needs more bytes',
      concat(
        'cnumpy.core.multiarray\n_reconstruct\n)R(K\x01J\0\0\0\x7f\x85cnumpy\ndtype\n',
        text('f4'),
        '\x85R\x89C\0tb'
      ),
      /with 0 bytes/
    ]
  ])('%s', async (_, object, fault) => {
    expect(await faultOf(beside(concat(object, 'N')))).toMatch(fault)
  })
})
