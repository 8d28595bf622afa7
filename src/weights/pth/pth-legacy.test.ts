// The older containers, damaged or malicious: the stream of pickles, and the tar archive.
import { describe, expect, it } from 'vitest'
import { readWeights } from '../read-weights.js'
import { faultOf } from '../testing/fault-of.js'
import { concat, dictOf, little, PROTO, repeat, text } from '../testing/hostile-files.js'

const MAGIC = concat(PROTO, '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.')
const VERSION = concat(PROTO, 'M\xe9\x03.')
const SYSTEM = dictOf({ little_endian: concat('\x88') })

const storageId = (key: string, numel: number, view: Uint8Array | string = 'N'): Uint8Array =>
  concat(
    '(',
    text('storage'),
    'ctorch\nFloatStorage\n',
    text(key),
    text('cpu'),
    'J',
    little(numel, 4),
    view,
    'tQ'
  )
const tensor = (storage: Uint8Array, size = 1): Uint8Array =>
  concat('ctorch._utils\n_rebuild_tensor\n(', storage, 'K\0K', little(size, 1), '\x85K\x01\x85tR')
const keysOf = (...keys: string[]): Uint8Array => concat(PROTO, '](', ...keys.map(text), 'e.')
const stored = (...values: number[]): Uint8Array =>
  concat(little(values.length, 8), new Uint8Array(Float32Array.from(values).buffer))

/** A valid stream, with parts replaced by those given. */
function stream({
  magic = MAGIC,
  version = VERSION,
  system = SYSTEM,
  root = dictOf({ w: tensor(storageId('0', 2), 2) }),
  keys = keysOf('0'),
  bytes = stored(1, 2)
} = {}): Uint8Array {
  return concat(magic, version, system, root, keys, bytes)
}

describe('streams of pickles', () => {
  it('are read', async () => {
    const state = await readWeights(stream())
    expect(state.get('w')?.data).toEqual(Float32Array.of(1, 2))
  })

  it('are read if a pickle is longer than the first read', async () => {
    const names = Array.from(
      { length: 3000 },
      (_, i) => [`layer${i}.${'n'.repeat(40)}`, tensor(storageId('0', 2))] as const
    )
    const state = await readWeights(stream({ root: dictOf(Object.fromEntries(names)) }))
    expect([...state.keys()]).toEqual(names.map(([name]) => name))
  })

  it('are read beside what is not', async () => {
    const complex = concat(
      '(',
      text('storage'),
      'ctorch\nComplexFloatStorage\n',
      text('1'),
      text('cpu'),
      'K\x03NtQ'
    )
    const loss = concat('(', text('module'), 'ctorch.nn.modules.loss\nL1Loss\n', text('L1'), 'NtQ)\x81}b')
    const root = dictOf({
      state_dict: dictOf({ w: tensor(storageId('0', 2), 2) }).subarray(2, -1),
      spectrum: tensor(complex, 3),
      loss
    })
    // A number of three elements of eight bytes stands before them.
    const bytes = concat(little(3, 8), new Uint8Array(24), stored(1, 2))
    const state = await readWeights(stream({ root, keys: keysOf('1', '0'), bytes }))
    expect(Array.from(state, ([key, { data }]) => [key, data])).toEqual([['w', Float32Array.of(1, 2)]])
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['another magic number', stream({ magic: concat(PROTO, 'K\x01.') }), /holds a number where a state dict/],
    [
      'another version',
      stream({ version: concat(PROTO, 'K\x01.') }),
      /version of torch\.save other than 1001/
    ],
    ['big-endian numbers', stream({ system: dictOf({ little_endian: concat('\x89') }) }), /little-endian/],
    ['a system that is no dict', stream({ system: concat(PROTO, 'N.') }), /little-endian/],
    ['a name in its magic number', stream({ magic: concat(PROTO, 'cos\nsystem\n.') }), /"os\.system"/],
    [
      'a name in its keys',
      stream({ keys: concat(PROTO, 'cos\nsystem\n.') }),
      /lacks the list of its storages/
    ],
    ['something outside of its keys', stream({ keys: concat(PROTO, 'NQ.') }), /refers to something outside/],
    [
      'a module',
      stream({
        root: concat(PROTO, '(', text('module'), 'cmy\nNet\nNNtQ)\x81}b.'),
        keys: keysOf(),
        bytes: new Uint8Array(0)
      }),
      /^run torch\.save\(torch\.load\('FILE', weights_only=False\)\.state_dict\(\), .* only if you trust this file, .* holds an object of "my\.Net"/
    ],
    [
      'a module without a class',
      stream({ root: concat(PROTO, '(', text('module'), 'NNNtQ.') }),
      /is not a storage/
    ],
    ['keys that are no list', stream({ keys: concat(PROTO, 'N.') }), /lacks the list/],
    ['a key that no tensor uses', stream({ keys: keysOf('1') }), /lists a storage that no tensor uses/],
    [
      'a key that is a number',
      stream({ keys: concat(PROTO, '](K\0e.') }),
      /lists a storage that no tensor uses/
    ],
    ['a key twice', stream({ keys: keysOf('0', '0') }), /lists storage "0" twice/],
    ['a key too few', stream({ keys: keysOf() }), /lacks storage "0"/],
    [
      'another number of elements',
      stream({ bytes: stored(1, 2).fill(1, 0, 8) }),
      /elements in storage "0", expected 2/
    ],
    ['too few bytes', stream({ bytes: stored(1) }), /is truncated: storage "0" needs 8 bytes/],
    ['no bytes', stream({ bytes: new Uint8Array(0) }), /is truncated: storage "0"/],
    [
      'a view past the end of its storage',
      stream({ root: dictOf({ w: tensor(storageId('0', 2, concat('(', text('v'), 'K\x01K\x02t'))) }) }),
      /storage "0" has 2 elements from 1 on, of 2/
    ],
    [
      'a tensor past the end of its view',
      stream({ root: dictOf({ w: tensor(storageId('0', 2, concat('(', text('v'), 'K\x01K\x01t')), 2) }) }),
      /reaches element 1 of a storage that has 1/
    ],
    [
      'a pickle without end',
      stream({ root: concat(PROTO, repeat('K\x01', 9_000_000)) }),
      /more than 8000000 values/
    ],
    ['a pickle cut short', concat(MAGIC, VERSION, SYSTEM.subarray(0, -1)), /its pickle ends early/]
  ])('with %s are refused', async (_, bytes, fault) => {
    expect(await faultOf(bytes)).toMatch(fault)
  })
})

/** A tar archive of the given members; sizes may be wrong. */
function tar(members: readonly (readonly [name: string, bytes: Uint8Array, size?: string])[]): Uint8Array {
  const blocks = members.flatMap(([name, bytes, size = bytes.length.toString(8).padStart(11, '0')]) => {
    const header = concat(
      name.padEnd(100, '\0'),
      repeat('0', 24),
      size.padEnd(12, '\0'),
      repeat('0', 12),
      repeat(' ', 8),
      '0'
    )
    const block = concat(header, new Uint8Array(100), 'ustar\x0000', new Uint8Array(247))
    const sum = block.reduce((total, byte) => total + byte, 0)
    block.set(concat(sum.toString(8).padStart(6, '0'), '\0 '), 148)
    return [block, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]
  })
  return concat(...blocks, new Uint8Array(1024))
}

const int = (value: number): Uint8Array => concat(PROTO, 'J', little(value, 4), '.')
const huge = concat(PROTO, '\x8a\x07\xff\xff\xff\xff\xff\xff\x0f.')
const storages = concat(
  int(1),
  PROTO,
  '(K\x01',
  text('cpu'),
  'ctorch\nFloatStorage\nt.',
  stored(1, 2),
  PROTO,
  '].'
)
const tensors = concat(
  int(1),
  PROTO,
  '(K\x02K\x01Nt.',
  little(1, 8),
  little(2, 8),
  little(1, 8),
  little(0, 8)
)
const root = dictOf({ w: concat(text('2'), 'Q') })

/** A valid tar checkpoint, with parts replaced by those given. */
const archive = (instead: Readonly<Record<string, Uint8Array>> = {}): Uint8Array =>
  tar(Object.entries({ sys_info: SYSTEM, storages, tensors, pickle: root, ...instead }))

describe('tar archives', () => {
  it('are read', async () => {
    const state = await readWeights(archive())
    expect(state.get('w')?.data).toEqual(Float32Array.of(1, 2))
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['no storages', tar([['sys_info', SYSTEM]]), /tar archive without "storages"/],
    [
      'a member twice',
      tar([
        ['a', SYSTEM],
        ['a', SYSTEM]
      ]),
      /two members named "a"/
    ],
    [
      'a member past the end',
      tar([['sys_info', SYSTEM, '77777777777']]),
      /is truncated: its member "sys_info" needs 8589934591/
    ],
    ['a size that is no number', tar([['sys_info', SYSTEM, '99']]), /a damaged header/],
    ['a wrong checksum', archive().fill(0x31, 1, 2), /a damaged header/],
    [
      'members without end',
      tar(Array.from({ length: 65 }, (_, i) => [String(i), new Uint8Array(0)] as const)),
      /more than 64 members/
    ],
    ['big-endian numbers', archive({ sys_info: dictOf({ little_endian: concat('\x89') }) }), /little-endian/],
    [
      'storages without end',
      archive({ storages: concat(huge, storages.subarray(8)) }),
      /has 4503599627370495 storages/
    ],
    ['a negative number of storages', archive({ storages: concat(int(2 ** 32 - 1)) }), /has -1 storages/],
    [
      'tensors without end',
      archive({ tensors: concat(huge, tensors.subarray(8)) }),
      /has 4503599627370495 tensors/
    ],
    [
      'a storage of 2⁶³ elements',
      archive({ storages: concat(storages.subarray(0, -20), little(2 ** 63, 8)) }),
      /storage "1" has 9223372036854776000 elements/
    ],
    [
      'a storage past its end',
      archive({ storages: concat(storages.subarray(0, -20), little(2 ** 40, 8)) }),
      /is truncated: it needs 4398046511104 bytes/
    ],
    [
      'a tensor of 2³¹ dimensions',
      archive({ tensors: concat(tensors.subarray(0, -32), little(2 ** 31, 8)) }),
      /tensor of 2147483648 dimensions/
    ],
    [
      'a tensor of a storage it lacks',
      archive({ tensors: concat(int(1), PROTO, '(K\x02K\x07t.', little(0, 24)) }),
      /refers to storage "7"/
    ],
    ['a tensor it lacks', archive({ pickle: dictOf({ w: concat(text('3'), 'Q') }) }), /refers to tensor "3"/],
    ['a tensor without a key', archive({ pickle: dictOf({ w: concat('NQ') }) }), /without a key/],
    ['a name in its pickle', archive({ pickle: concat(PROTO, 'cos\nsystem\n.') }), /"os\.system"/]
  ])('with %s are refused', async (_, bytes, fault) => {
    expect(await faultOf(bytes)).toMatch(fault)
  })
})
