// Dtypes that no tensor here has are widened without loss, in every container that can hold them: files of
// tools/wide_dtypes_goldens.py, and lies about such tensors.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readWeights } from './read-weights.js'
import { faultOf } from './testing/fault-of.js'
import { checkpoint, concat, dictOf, safetensors, storageId, tensor, text } from './testing/hostile-files.js'

const FOLDER = fileURLToPath(new URL('../../test/goldens/weights/', import.meta.url))
type Described = Record<string, { dtype: string; shape: number[]; values: (string | null)[] }>
const EXPECTED = JSON.parse(readFileSync(`${FOLDER}wide-dtypes.json`, 'utf8')) as Record<string, Described>

it.each(Object.entries(EXPECTED))('are read from .%s', async (container, expected) => {
  const state = await readWeights(`${FOLDER}wide-dtypes.${container}`)
  expect([...state.keys()]).toEqual(Object.keys(expected))
  for (const [name, { dtype, shape, values }] of Object.entries(expected)) {
    const found = state.get(name)
    expect([found?.dtype, found?.shape], name).toEqual([dtype, shape])
    // As numbers, except where these are not exact; the sign of a zero counts.
    const comparable = values.map(value =>
      dtype === 'int64' ? BigInt(value ?? 0) : Number(value?.replace('inf', 'Infinity') ?? NaN)
    )
    expect([...(found?.data ?? [])], name).toEqual(comparable)
  }
})

describe('a tensor of such a dtype', () => {
  const untyped = (bytes: number): Uint8Array =>
    concat(
      '(',
      text('storage'),
      'ctorch.storage\nUntypedStorage\n',
      text('0'),
      text('cpu'),
      'K',
      Uint8Array.of(bytes),
      'tQ'
    )
  const made = (storage: Uint8Array, dtype: string, size = 'K\x02\x85', offset = 'K\0'): Uint8Array =>
    concat(
      'ctorch._utils\n_rebuild_tensor_v3\n(',
      storage,
      offset,
      size,
      'K\x01\x85\x89N',
      `ctorch\n${dtype}\n`,
      'tR'
    )
  const read = (w: Uint8Array, bytes = 8): Promise<string | undefined> =>
    faultOf(checkpoint(dictOf({ w }), { 0: new Uint8Array(bytes).fill(255) }))

  it.each<[string, Uint8Array, RegExp]>([
    ['past its storage', made(untyped(8), 'uint64'), /"w" reaches element 1 of a storage that has 1$/],
    ['of half an element', made(untyped(7), 'uint32'), /"w" reaches element 1 of a storage that has 1$/],
    [
      'that int64 cannot hold',
      made(untyped(8), 'uint64', 'K\x01\x85'),
      /"w" is uint64 and has a number of 2⁶³ or more/
    ],
    [
      'that is not read',
      made(untyped(8), 'float8_e8m0fnu'),
      /"w" is of dtype "float8_e8m0fnu", which is not read: save it as float32/
    ],
    ['of no dtype', made(untyped(8), 'Tensor'), /"w" is of dtype "Tensor", which is not read/],
    ['over elements instead of bytes', made(storageId('0', 2), 'uint16'), /storage that does not count bytes/]
  ])('%s is refused', async (_, w, fault) => {
    expect(await read(w)).toMatch(fault)
  })

  it('shares its bytes with others of every size', async () => {
    const bytes = checkpoint(
      dictOf({
        a: made(untyped(8), 'uint16', 'K\x01\x85', 'K\x03'),
        b: made(untyped(8), 'float32'),
        c: made(untyped(8), 'uint64', 'K\x01\x85')
      }),
      { 0: Uint8Array.of(0, 0, 0x80, 0x3f, 1, 0, 2, 0) }
    )
    const values = Array.from(await readWeights(bytes), ([name, { data }]) => [name, [...data]])
    expect(Object.fromEntries(values)).toEqual({
      a: [2],
      b: [1, expect.closeTo(1.8e-40, 41)],
      c: [BigInt.asIntN(64, 0x0002_0001_3f80_0000n)]
    })
  })

  it('counts towards the memory that a file may take', async () => {
    const header = '{"w":{"dtype":"F8_E5M2","shape":[16],"data_offsets":[0,16]}}'
    const bytes = safetensors(header)
    await expect(readWeights(bytes, { maxBytes: 79 })).rejects.toThrow(/"w" takes the memory/)
    expect((await readWeights(bytes, { maxBytes: 80 })).get('w')?.dtype).toBe('float32')
  })

  it('of a plain dtype is read as it is', async () => {
    expect(
      await faultOf(
        checkpoint(dictOf({ w: tensor(storageId('0', 1), 'K\0', 'K\x01\x85', 'K\x01\x85') }), {
          0: new Uint8Array(4)
        })
      )
    ).toBeUndefined()
  })
})
