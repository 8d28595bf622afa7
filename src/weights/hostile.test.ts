// Files that are damaged or mean harm: whatever they hold, the answer is a state dict or one WeightsError, soon, and
// nothing that they name is executed.
import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { zipSync } from 'fflate'
import { readWeights } from './read-weights.js'
import { WeightsError } from './weights-error.js'

const FOLDER = fileURLToPath(new URL('../../test/goldens/weights/', import.meta.url))
const GOOD = readdirSync(FOLDER)
  .filter(name => /\.(pth|pt|safetensors)$/.test(name))
  .map(name => [name, new Uint8Array(readFileSync(`${FOLDER}${name}`))] as const)

/** The fault, or nothing where the file was read after all. */
async function faultOf(bytes: Uint8Array): Promise<string | undefined> {
  try {
    const state = await readWeights(bytes)
    for (const { data, shape } of state.values()) {
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1))
    }
    return undefined
  } catch (error) {
    if (!(error instanceof WeightsError)) throw new Error('the error is not a WeightsError', { cause: error })
    expect(error.message).toMatch(/^the given bytes: [^\n]+$/)
    expect(error.message.length).toBeLessThan(600)
    return error.fault
  }
}

const mutated = fc.constantFrom(...GOOD).chain(([name, bytes]) =>
  fc
    .array(
      fc.oneof(
        // One byte, a run of bytes, a copy of another part, an end too early, something appended.
        fc.record({
          kind: fc.constant('set' as const),
          at: fc.nat(bytes.length - 1),
          bytes: fc.uint8Array({ minLength: 1, maxLength: 9 })
        }),
        fc.record({
          kind: fc.constant('extreme' as const),
          at: fc.nat(bytes.length - 1),
          value: fc.constantFrom(0, 0x7f, 0x80, 0xff)
        }),
        fc.record({
          kind: fc.constant('copy' as const),
          at: fc.nat(bytes.length - 1),
          from: fc.nat(bytes.length - 1),
          length: fc.nat(64)
        }),
        fc.record({ kind: fc.constant('cut' as const), at: fc.nat(bytes.length) }),
        fc.record({ kind: fc.constant('append' as const), bytes: fc.uint8Array({ maxLength: 40 }) })
      ),
      { minLength: 1, maxLength: 4 }
    )
    .map(changes => {
      let result = bytes.slice()
      for (const change of changes) {
        if (change.kind === 'set')
          result.set(
            change.bytes.subarray(0, Math.max(0, result.length - change.at)),
            Math.min(change.at, result.length)
          )
        else if (change.kind === 'extreme') result.fill(change.value, change.at, change.at + 8)
        else if (change.kind === 'copy')
          result.copyWithin(change.at, change.from, change.from + change.length)
        else if (change.kind === 'cut') result = result.slice(0, change.at)
        else result = Uint8Array.from([...result, ...change.bytes])
      }
      return { name, result }
    })
)

describe('damaged files', () => {
  it('are read or refused, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async ({ result }) => {
        await faultOf(result)
      }),
      { numRuns: 3000 }
    )
  })

  it.each(GOOD.filter(([name]) => /^(zip-dtypes|legacy-views|tar-dtypes|torch2-dtypes.s)/.test(name)))(
    '%s is refused wherever it is cut',
    async (_, bytes) => {
      const step = Math.max(1, Math.floor(bytes.length / 400))
      for (let length = 0; length < bytes.length; length += step) {
        // A tar archive ends in zeros that nobody misses.
        if (bytes.subarray(length).every(byte => byte === 0)) break
        expect(await faultOf(bytes.slice(0, length)), `cut to ${length} bytes`).toBeDefined()
      }
    }
  )

  it('take no time that grows out of hand', async () => {
    const start = performance.now()
    for (const [, bytes] of GOOD) await faultOf(bytes.map((byte, i) => (i % 97 === 96 ? byte ^ 0xff : byte)))
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

/** A pickle of protocol 2 in the zip container of torch.save. */
function checkpoint(pickle: Uint8Array | string, files: Record<string, Uint8Array> = {}): Uint8Array {
  const bytes = typeof pickle === 'string' ? Uint8Array.from(pickle, char => char.charCodeAt(0)) : pickle
  return zipSync(
    { 'archive/data.pkl': bytes, 'archive/version': new Uint8Array([51, 10]), ...files },
    { level: 0 }
  )
}

const header = (json: string, length = json.length): Uint8Array => {
  const bytes = new Uint8Array(8 + json.length + 16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(new TextEncoder().encode(json), 8)
  return bytes
}

const PROTO = '\x80\x02'

describe('pickles that mean harm', () => {
  it.each([
    ['os.system', `${PROTO}cos\nsystem\n(X\x04\x00\x00\x00echotR.`],
    ['posix.system', `${PROTO}cposix\nsystem\n(X\x04\x00\x00\x00echotR.`],
    ['builtins.eval', `${PROTO}cbuiltins\neval\n(X\x02\x00\x00\x0011tR.`],
    ['builtins.getattr', `${PROTO}cbuiltins\ngetattr\n.`],
    ['subprocess.Popen', `${PROTO}csubprocess\nPopen\n.`],
    ['torch.load', `${PROTO}ctorch\nload\n.`],
    ['constructor', `${PROTO}c__proto__\nconstructor\n.`]
  ])('naming %s are refused by that name', async (name, pickle) => {
    const fault = await faultOf(checkpoint(pickle))
    expect(fault).toContain('names the Python global')
    expect(fault).toContain(name.split('.').at(-1))
  })

  it.each<[string, string | Uint8Array]>([
    ['INST', `${PROTO}(ios\nsystem\n.`],
    ['OBJ', `${PROTO}(cos\nsystem\no.`],
    ['EXT1', `${PROTO}\x82\x01.`],
    ['an unknown opcode', `${PROTO}\xff.`],
    ['a protocol from the future', '\x80\x09.'],
    ['an empty pickle', ''],
    ['no end', `${PROTO}}`],
    ['an empty stack', `${PROTO}0.`],
    ['a mark that is missing', `${PROTO}t.`],
    ['a memo that is missing', `${PROTO}h\x07.`],
    ['a list that holds itself', `${PROTO}]q\x00h\x00a.`],
    ['a dict that holds itself', `${PROTO}}q\x00X\x01\x00\x00\x00ah\x00s.`],
    ['a string longer than the file', `${PROTO}X\xff\xff\xff\x7fabc.`],
    ['bytes longer than memory', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.'],
    ['an integer of 255 bytes for a dict', `${PROTO}\x8a\xff${'\xff'.repeat(255)}.`],
    ['deep nesting', `${PROTO}${'('.repeat(200_000)}${'t'.repeat(200_000)}.`],
    [
      'a million lists',
      Uint8Array.from({ length: 1_500_000 }, (_, i) => (i === 0 ? 0x80 : i === 1 ? 2 : 0x5d))
    ],
    ['lists that double', `${PROTO}]${'q\x00h\x00h\x00\x86'.repeat(5000)}.`]
  ])('with %s are refused', async (_, pickle) => {
    expect(await faultOf(checkpoint(pickle))).toBeDefined()
  })

  it('cannot reach into a prototype by a key', async () => {
    const key = 'X\x09\x00\x00\x00__proto__'
    expect(await faultOf(checkpoint(`${PROTO}}${key}}X\x01\x00\x00\x00aK\x01ss.`))).toBeDefined()
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })
})

describe('archives that mean harm', () => {
  it('cannot be bombs', async () => {
    // A gigabyte of zeros in a megabyte.
    const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(2 ** 28) }, { level: 9 })
    expect(bomb.length).toBeLessThan(2 ** 20)
    const before = process.memoryUsage().arrayBuffers
    expect(await faultOf(bomb)).toBeDefined()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26)
  })

  it('cannot make a tensor of a petabyte out of one number', async () => {
    // torch._utils._rebuild_tensor_v2(storage of 1 float, 0, (2**25, 2**25), (0, 0), False, OrderedDict())
    const big = 'J\x00\x00\x00\x02'
    const storage =
      '(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQ'
    const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00${big}${big}\x86K\x00K\x00\x86\x89ccollections\nOrderedDict\n)RtR`
    const pickle = `${PROTO}}X\x01\x00\x00\x00w${tensor}s.`
    const fault = await faultOf(checkpoint(pickle, { 'archive/data/0': new Uint8Array(4) }))
    expect(fault).toMatch(/memory|elements/)
  })

  it('with offsets outside of a storage are refused', async () => {
    const storage =
      '(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQ'
    for (const [offset, size, stride] of [
      ['K\x01', 'K\x01\x85', 'K\x01\x85'],
      ['K\x00', 'K\x02\x85', 'K\x01\x85'],
      ['J\xff\xff\xff\xff', 'K\x01\x85', 'K\x01\x85'],
      ['K\x00', 'J\xff\xff\xff\xff\x85', 'K\x01\x85'],
      ['K\x00', 'K\x01\x85', 'J\xff\xff\xff\xff\x85'],
      ['\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f', 'K\x01\x85', 'K\x01\x85'],
      ['K\x00', '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85', 'K\x00\x85']
    ]) {
      const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}${size}${stride}\x89ccollections\nOrderedDict\n)RtR`
      const bytes = checkpoint(`${PROTO}}X\x01\x00\x00\x00w${tensor}s.`, {
        'archive/data/0': new Uint8Array(4)
      })
      expect(await faultOf(bytes)).toBeDefined()
    }
  })
})

describe('safetensors that mean harm', () => {
  it.each([
    ['a header of 2⁶³ bytes', header('{}', Number.MAX_SAFE_INTEGER)],
    ['a header that is not JSON', header('{"a":')],
    ['endless JSON', header(`{"a":${'['.repeat(100_000)}`)],
    ['a header that is an array', header('{"a":1}'.replace('{"a":1}', '[1]    '))],
    ['a tensor past the end', header('{"w":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}')],
    ['offsets the wrong way round', header('{"w":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}')],
    ['a negative offset', header('{"w":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}')],
    [
      'a shape that overflows',
      header('{"w":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,16]}}')
    ],
    ['a fractional shape', header('{"w":{"dtype":"F32","shape":[4.5],"data_offsets":[0,18]}}')],
    ['a dtype nobody knows', header('{"w":{"dtype":"F8","shape":[16],"data_offsets":[0,16]}}')],
    [
      'overlapping tensors',
      header(
        '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}'
      )
    ],
    ['a hole', header('{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}')],
    [
      'a name twice',
      header(
        '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
      )
    ]
  ])('such as %s are refused', async (_, bytes) => {
    expect(await faultOf(bytes)).toBeDefined()
  })
})
