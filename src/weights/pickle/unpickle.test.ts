// Malicious pickles: nothing they name is executed, and few bytes cost neither much time nor much memory.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../testing/fault-of.js'
import { processorTime } from '../testing/processor-time.js'
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

describe('names', () => {
  it.each([
    ['os.system', `${PROTO}cos\nsystem\n(X\x04\0\0\0echotR.`],
    ['posix.system', `${PROTO}cposix\nsystem\n(X\x04\0\0\0echotR.`],
    ['builtins.eval', `${PROTO}cbuiltins\neval\n(X\x02\0\0\x0011tR.`],
    ['__builtin__.eval', `${PROTO}c__builtin__\neval\n.`],
    ['builtins.getattr', `\x80\x04\x8c\x08builtins\x8c\x07getattr\x93.`],
    ['subprocess.Popen', `${PROTO}csubprocess\nPopen\n.`],
    ['torch.load', `${PROTO}ctorch\nload\n.`],
    [
      'torch._utils._rebuild_tensor_v2.__globals__',
      `\x80\x04\x8c\x0ctorch._utils\x8c\x1e_rebuild_tensor_v2.__globals__\x93.`
    ],
    ['__proto__.constructor', `${PROTO}c__proto__\nconstructor\n.`],
    ['collections.OrderedDict ', `${PROTO}ccollections\nOrderedDict \n.`]
  ])('%j is a name with nothing behind it', async (name, pickle) => {
    expect(await faultOf(checkpoint(pickle))).toMatch(
      / only if you trust this file, whose code that runs: it holds an object of |^holds the Python name/
    )
    expect(await faultOf(checkpoint(pickle))).toContain(JSON.stringify(name))
  })

  it('are shown without control characters', async () => {
    const name = concat('\x80\x04\x8c\x01a\x8c\x0d', '\x1b[2J\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\r', '\x93.')
    expect(await faultOf(checkpoint(name))).toContain('"a.\\u001b[2J\\u{9b}\\u{202e}\\u{2028}\\r"')
    expect(await faultOf(checkpoint(`${PROTO}c${'x'.repeat(1e6)}\ny\n.`))).toContain('xxx…"')
  })
})

describe('opcodes', () => {
  it.each([
    ['INST', `${PROTO}(ios\nsystem\n.`, /os\.system/],
    ['OBJ', `${PROTO}(cos\nsystem\no.`, /os\.system/],
    ['EXT1', `${PROTO}\x82\x01.`, /opcode 0x82/],
    ['NEXT_BUFFER', '\x80\x05\x97.', /opcode 0x97/],
    ['none that Python has', `${PROTO}\xff.`, /opcode 0xff/],
    ['a protocol from the future', '\x80\x09.', /protocol 9/],
    ['no pickle', '', /ends early/],
    ['no end', `${PROTO}}`, /ends early/],
    ['an empty stack', `${PROTO}0.`, /empty stack/],
    ['nothing as its result', `${PROTO}.`, /empty stack/],
    ['what lies below a mark', `${PROTO}N(0.`, /empty stack/],
    ['a mark that is missing', `${PROTO}t.`, /no mark/],
    ['a memo that is missing', `${PROTO}h\x07.`, /refers to value 7/],
    ['a string longer than the file', `${PROTO}X\xff\xff\xff\x7fabc.`, /ends early/],
    ['a string of 2⁶³ bytes', '\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.', /ends early/],
    ['bytes of 2⁶⁴ bytes', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', /ends early/],
    ['a string that is not UTF-8', `${PROTO}X\x02\0\0\0\xff\xfe.`, /not UTF-8/],
    ['an integer that is none', `${PROTO}I12abc\n.`, /no number/],
    ['an integer of a million digits', `${PROTO}L${'9'.repeat(1e6)}L\n.`, /no number/],
    ['an integer of 255 bytes for a dict', `${PROTO}\x8a\xff${'\xff'.repeat(255)}.`, /holds a number/],
    ['a call of a string', `${PROTO}X\x01\0\0\0a)R.`, /not a class or function/],
    ['a call of a dtype', `${PROTO}ctorch\nfloat32\n)R.`, /calls torch\.float32/],
    ['a state for a string', `${PROTO}X\x01\0\0\0aNb.`, /sets the state/],
    ['a state for a dict that is no dict', `${PROTO}}Nb.`, /sets the state/],
    ['an odd number of items', `${PROTO}}(Nu.`, /without a value/],
    ['an append to a dict', `${PROTO}}Na.`, /not a list/],
    ['an OrderedDict of a number', `${PROTO}ccollections\nOrderedDict\nK\x01\x85R.`, /no list/],
    [
      'an OrderedDict of no pairs',
      `${PROTO}ccollections\nOrderedDict\n](Ne\x85R.`,
      /items that are no pairs/
    ],
    ['a list that holds itself', `${PROTO}]q\0h\0a.`, /holds a list/],
    ['a dict that holds itself', `${PROTO}}q\0X\x01\0\0\0ah\0s.`, /"a" is a dict/],
    ['a key that is a list', `${PROTO}}]Ns.`, /a list is None/]
  ])('with %s are refused', async (_, pickle, fault) => {
    expect(await faultOf(checkpoint(pickle))).toMatch(fault)
  })

  it('cannot reach into a prototype by a key', async () => {
    const nested = concat('}', text('polluted'), 'K\x01s')
    expect(await faultOf(checkpoint(dictOf({ ['__proto__']: nested })))).toContain('"__proto__" is a dict')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('amplification', () => {
  const pair = `${PROTO}](K\x01K\x02\x86q\x01`
  const colliding = Array.from({ length: 100_000 }, (_, i) =>
    concat('\x8a\x10', repeat('\x01', 8), little(i, 7), '\0N')
  )

  const ARRAY = 'cnumpy.core.multiarray\n_reconstruct\n)R'
  const dtype = (code: Uint8Array): Uint8Array => concat('cnumpy\ndtype\n', code, '\x85R')
  const arrayOf = (code: Uint8Array): Uint8Array =>
    concat(PROTO, '}', text('w'), ARRAY, '(K\x01K\x01\x85', dtype(code), '\x89U\x04abcdtbs.')
  const doubling = concat('](K\0K\x01eq\x05', repeat('0](h\x05h\x05eq\x05', 40))
  const nested = concat(repeat(']', 100_000), repeat('a', 99_999))

  it.each<[string, Uint8Array, RegExp]>([
    ['deep nesting', concat(PROTO, repeat('(', 200_000), repeat('t', 200_000), '.'), /holds a tuple/],
    ['lists without end', concat(PROTO, repeat(']', 1_500_000)), /more than 1000000/],
    ['lists that double', concat(PROTO, ']', repeat('q\0h\0h\0\x86', 5000), '.'), /holds a tuple/],
    ['empty bytes without end', concat(PROTO, repeat('C\0', 2_000_000), '.'), /more than 1000000/],
    ['a memo without end', concat(PROTO, 'N', repeat('\x94', 2_000_000), '.'), /1000000 are allowed/],
    ['a memo from its far end', concat(PROTO, 'Nr', little(2 ** 32 - 1, 4), '.'), /number 4294967295/],
    [
      'storages without end',
      concat(PROTO, storageId('0', 1).subarray(0, -1), 'q\0', repeat('h\0Q', 1_500_000), '.'),
      /more than 1000000/
    ],
    [
      'one long list for many dicts',
      concat(
        pair,
        repeat('h\x01', 200_000),
        'eq\x02\x85q\x03ccollections\nOrderedDict\nq\x04',
        repeat('h\x04h\x03R0', 10_000),
        '.'
      ),
      /more than 1000000/
    ],
    [
      'one long dict for many dicts',
      concat(
        `${PROTO}}(`,
        ...Array.from({ length: 10_000 }, (_, i) => [text(`k${i}`), 'N']).flat(),
        'uq\x01ccollections\nCounter\nq\x02',
        repeat('h\x02h\x01\x85R0', 10_000),
        '.'
      ),
      /more than 1000000/
    ],
    [
      'one long text for many bytes',
      concat(
        PROTO,
        text('a'.repeat(100_000)),
        'q\x01c_codecs\nencode\nq\x02',
        text('latin1'),
        'q\x03',
        repeat('h\x02h\x01h\x03\x86R', 10_000),
        '.'
      ),
      /more bytes of its texts than it has/
    ],
    [
      'one long text for many arrays',
      concat(
        PROTO,
        dtype(text('u1')),
        `q\x06${ARRAY}(K\x01J\xa0\x86\x01\0\x85h\x06\x89`,
        text('a'.repeat(100_000)),
        'tq\x070',
        repeat('h\x07b', 10_000),
        '.'
      ),
      /more bytes of its texts than it has/
    ],
    ['lists that double as a dtype', arrayOf(doubling), /dtype "", which no tensor here has/],
    ['deep lists as a dtype', arrayOf(nested), /dtype "", which no tensor here has/],
    [
      'lists that double as an order of bytes',
      concat(PROTO, dtype(text('f4')), '(K\x03', doubling, 'tb.'),
      /holds a NumPy dtype/
    ],
    [
      'lists that double as an encoding',
      concat(PROTO, 'c_codecs\nencode\n', text('a'), doubling, '\x86R.'),
      /an object of "_codecs.encode"/
    ],
    ['marks without end', concat(PROTO, repeat('(', 2_000_000), '.'), /nested more than 1000000 deep/],
    ['long integers', concat(PROTO, repeat(`\x8b\0\0\x01\0${'\x7f'.repeat(65_536)}0`, 300)), /1000000/],
    ['long integers as text', concat(PROTO, repeat(`I${'9'.repeat(10_000)}\n0`, 1700)), /more than 1000000/],
    ['keys that collide', concat(PROTO, '}(', ...colliding, 'u.'), /a number is None/]
  ])('%s', async (_, pickle, fault) => {
    const start = processorTime()
    expect(await faultOf(checkpoint(pickle))).toMatch(fault)
    expect(processorTime() - start).toBeLessThan(3000)
  })
})

describe('tensors', () => {
  const max = '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f'
  it.each([
    [
      'an offset past the end',
      'K\x01',
      'K\x01\x85',
      'K\x01\x85',
      /reaches element 1 of a storage that has 1/
    ],
    ['a size past the end', 'K\0', 'K\x02\x85', 'K\x01\x85', /reaches element 1/],
    ['a negative offset', 'J\xff\xff\xff\xff', 'K\x01\x85', 'K\x01\x85', /has -1 as/],
    ['a negative size', 'K\0', 'J\xff\xff\xff\xff\x85', 'K\x01\x85', /has -1 as/],
    ['a negative stride', 'K\0', 'K\x01\x85', 'J\xff\xff\xff\xff\x85', /has -1 as/],
    ['an offset of 2⁶³', max, 'K\x01\x85', 'K\x01\x85', /has -1 as/],
    ['a size of 2⁶³', 'K\0', `${max}\x85`, 'K\0\x85', /has -1 as/],
    ['a size that is text', 'K\0', 'X\x01\0\0\0a\x85', 'K\x01\x85', /has -1 as/],
    ['more sizes than strides', 'K\0', 'K\x01K\x01\x86', 'K\x01\x85', /2 sizes and 1 strides/],
    ['sizes that are no tuple', 'K\0', ']', 'K\x01\x85', /no storage, size and stride/],
    ['65 dimensions', 'K\0', `(${'K\x01'.repeat(65)}t`, `(${'K\x01'.repeat(65)}t`, /more than 64 dimensions/],
    [
      'a shape that overflows',
      'K\0',
      `(K\0${'J\0\0\0\x7f'.repeat(3)}t`,
      `(${'K\0'.repeat(4)}t`,
      /impossible shape/
    ],
    ['a terabyte of one number', 'K\0', 'J\0\0\x08\0J\0\0\x08\0\x86', 'K\0K\0\x86', /memory it needs past/]
  ])('with %s are refused', async (_, offset, size, stride, fault) => {
    const pickle = dictOf({ w: tensor(storageId('0', 1), offset, size, stride) })
    expect(await faultOf(checkpoint(pickle, { 0: new Uint8Array(4) }))).toMatch(fault)
  })

  it.each<[string, Uint8Array, Uint8Array, RegExp]>([
    [
      'has fewer bytes',
      storageId('0', 5),
      new Uint8Array(16),
      /has 16 bytes in "archive\/data\/0", but 5 float32 take 20/
    ],
    ['has more bytes', storageId('0', 3), new Uint8Array(16), /has 16 bytes .* at most 12 are allowed/],
    ['is not there', storageId('1', 4), new Uint8Array(16), /without "archive\/data\/1"/],
    [
      'has a path for a key',
      storageId('../data.pkl', 4),
      new Uint8Array(16),
      /without "archive\/data\/\.\.\/data\.pkl"/
    ],
    [
      'has a negative size',
      storageId('a\nb', 2 ** 32 - 1),
      new Uint8Array(16),
      /storage "a\\nb" has -1 elements/
    ],
    ['is no storage', concat(text('0'), 'Q'), new Uint8Array(16), /not a storage/]
  ])('whose storage %s are refused', async (_, storage, bytes, fault) => {
    const pickle = dictOf({ w: tensor(storage, 'K\0', 'K\x01\x85', 'K\x01\x85') })
    expect(await faultOf(checkpoint(pickle, { 0: bytes }))).toMatch(fault)
  })

  it('that name one storage twice must agree on it', async () => {
    const view = (numel: number): Uint8Array => tensor(storageId('0', numel), 'K\0', 'K\x01\x85', 'K\x01\x85')
    expect(await faultOf(checkpoint(dictOf({ a: view(4), b: view(3) }), { 0: new Uint8Array(16) }))).toMatch(
      /described twice, and differently/
    )
  })

  it('share the memory of a storage, also at an odd offset', async () => {
    const whole = (): Uint8Array => tensor(storageId('0', 1000), 'K\0', 'M\xe8\x03\x85', 'K\x01\x85')
    const names = Array.from({ length: 500 }, (_, i) => [`t${i}`, whole()] as const)
    const file = checkpoint(dictOf(Object.fromEntries(names)), { 0: new Uint8Array(4000) })
    for (let shift = 0; shift < 4; shift++) {
      const shifted = concat(new Uint8Array(shift), file).subarray(shift)
      expect(await faultOf(shifted, { maxBytes: file.length })).toBeUndefined()
    }
  })

  const storage = (type: string, key: string, numel: number): Uint8Array =>
    concat(
      '(',
      text('storage'),
      `ctorch\n${type}Storage\n`,
      text(key),
      text('cpu'),
      'J',
      little(numel, 4),
      'tQ'
    )
  const named = (value: Uint8Array, count: number): Uint8Array =>
    concat(
      PROTO,
      '}',
      value,
      'q\x010(',
      ...Array.from({ length: count }, (_, i) => [text(`k${i}`), 'h\x01']).flat(),
      'u.'
    )
  const long = (n: number): string => `J${String.fromCharCode(...little(n, 4))}\x85`
  const MEGA = 2 ** 20

  it.each<[string, Uint8Array, RegExp | undefined]>([
    [
      'an element repeated along many dimensions',
      checkpoint(
        dictOf({
          w: tensor(
            storage('Byte', '0', 16),
            'K\0',
            concat('(J', little(16 * MEGA, 4), repeat('K\x01', 63), 't'),
            `(${'K\0'.repeat(64)}t`
          )
        }),
        { 0: new Uint8Array(16) }
      ),
      undefined
    ],
    [
      'thousands of bools of one storage',
      checkpoint(named(tensor(storage('Bool', '0', MEGA), 'K\0', long(MEGA), 'K\x01\x85'), 10_000), {
        0: new Uint8Array(MEGA)
      }),
      /the memory it needs past/
    ],
    [
      'thousands of quantized tensors with the same steps',
      checkpoint(
        named(
          concat(
            'ctorch._utils\n_rebuild_qtensor\n(',
            storage('QInt8', '1', 4),
            `K\0${long(MEGA).slice(0, -1)}K\0\x86K\x01K\x01\x86(ctorch\nper_channel_affine\n`,
            tensor(storageId('0', MEGA), 'K\0', long(MEGA), 'K\x01\x85'),
            'q\x05h\x05K\0t\x89NtR'
          ),
          2000
        ),
        { 0: new Uint8Array(4 * MEGA), 1: new Uint8Array(4) }
      ),
      /the memory it needs past/
    ]
  ])('cost little as %s', async (_, file, fault) => {
    const start = processorTime()
    const found = await faultOf(file)
    expect(processorTime() - start).toBeLessThan(3000)
    if (fault) expect(found).toMatch(fault)
    else expect(found).toBeUndefined()
  })
})
