import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allocate, bytesOf } from '../tensor/dtype.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'
import { encodeWeights, writeWeights } from './write-weights.js'
import { readWeights } from './read-weights.js'
import { DTYPES, everything } from './testing/everything.js'
import { WeightsError } from './bytes.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-weights-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A tensor of random bytes; only zeros and ones for bool. */
const anyTensor = fc
  .record({
    dtype: fc.constantFrom(...DTYPES),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
    seed: fc.uint8Array({ minLength: 16, maxLength: 16 })
  })
  .map(({ dtype, shape, seed }) => {
    const data = allocate(
      dtype,
      shape.reduce((a, b) => a * b, 1)
    )
    bytesOf(data).forEach((_, i, bytes) => (bytes[i] = dtype === 'bool' ? seed[i % 16] & 1 : seed[i % 16]))
    return new Tensor(data, shape, dtype)
  })
const anyState: fc.Arbitrary<StateDict> = fc
  .array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), anyTensor), { maxLength: 6 })
  .map(entries => new Map(entries.filter(([name]) => name !== '__metadata__')))

const describeState = (state: StateDict): unknown[] =>
  Array.from(state, ([name, { dtype, shape, data }]) => [
    name,
    dtype,
    [...shape],
    Buffer.from(bytesOf(data)).toString('hex')
  ])

describe('writeWeights', () => {
  it.each(['.pth', '.safetensors'])('writes %s that reads back the same, in order', async extension => {
    const path = join(folder, `any${extension}`)
    await fc.assert(
      fc.asyncProperty(anyState, async state => {
        await writeWeights(path, state)
        expect(describeState(await readWeights(path))).toEqual(describeState(state))
      }),
      { numRuns: 60 }
    )
  })

  it('writes .npz that reads back the same, in order, but no bfloat16', async () => {
    const path = join(folder, 'any.npz')
    const inNumpy = anyState.map(state => new Map([...state].filter(([, { dtype }]) => dtype !== 'bfloat16')))
    await fc.assert(
      fc.asyncProperty(
        inNumpy.filter(({ size }) => size > 0),
        async state => {
          await writeWeights(path, state)
          expect(describeState(await readWeights(path))).toEqual(describeState(state))
        }
      ),
      { numRuns: 30 }
    )
    await expect(writeWeights(path, everything())).rejects.toThrow(
      /any\.npz: cannot be written: "layer0\.bfloat16" is bfloat16, which NumPy lacks; write \.safetensors/
    )
  })

  it('writes the .npz file that NumPy has read, byte for byte', async () => {
    const golden = JSON.parse(
      await readFile(new URL('../../test/goldens/weights/written-npz.json', import.meta.url), 'utf8')
    ) as { sha256: string; tensors: number }
    const arrays = new Map([...everything()].filter(([, { dtype }]) => dtype !== 'bfloat16'))
    const bytes = encodeWeights(arrays, { format: 'npz' })
    expect(arrays.size).toBe(golden.tensors)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(golden.sha256)
  })

  it('writes the .pth file that torch has read, byte for byte', async () => {
    const golden = JSON.parse(
      await readFile(new URL('../../test/goldens/weights/written.json', import.meta.url), 'utf8')
    ) as { sha256: string; tensors: number }
    const path = join(folder, 'everything.pth')
    await writeWeights(path, everything())
    expect(everything().size).toBe(golden.tensors)
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    ).toBe(golden.sha256)
  })

  it('stores tensors that share memory separately, and aligns every tensor for memory mapping', async () => {
    const shared = new Float32Array([1, 2, 3, 4])
    const state: StateDict = new Map([
      ['a', new Tensor(shared, [4], 'float32')],
      ['b', new Tensor(shared.subarray(1, 3), [2], 'float32')]
    ])
    for (const name of ['shared.pth', 'shared.safetensors']) {
      await writeWeights(join(folder, name), state)
      expect(describeState(await readWeights(join(folder, name)))).toEqual(describeState(state))
    }
  })

  it('replaces a file atomically, and leaves no temporary file', async () => {
    const path = join(folder, 'kept.safetensors')
    await writeFile(path, 'what was there')
    const broken = new Tensor(new Float32Array(1), [1], 'float32')
    Object.defineProperty(broken, 'data', {
      get() {
        throw new Error('cannot be computed')
      }
    })
    await expect(writeWeights(path, new Map([['w', broken]]))).rejects.toThrow('cannot be computed')
    expect(await readFile(path, 'utf8')).toBe('what was there')
    expect((await readdir(folder)).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it.each(['.pth', '.safetensors'])('refuses a name that is not Unicode text in %s', async extension => {
    const path = join(folder, `surrogate${extension}`)
    const state: StateDict = new Map([['w\ud800', new Tensor(new Float32Array(1), [1], 'float32')]])
    await expect(writeWeights(path, state)).rejects.toThrow(`${path}: cannot be written: the name "w\\ud800"`)
    await expect(stat(path)).rejects.toThrow()
    const encoding = (): unknown =>
      encodeWeights(state, { format: extension === '.pth' ? 'pth' : 'safetensors' })
    expect(encoding).toThrow(WeightsError)
    expect(encoding).toThrow('encodeWeights: cannot be written: the name "w\\ud800"')
  })

  it.each<[what: string, given: unknown, found: string]>([
    ['a module', { stateDict: () => new Map() }, 'an object'],
    ['nothing', undefined, 'undefined'],
    ['a map of numbers', new Map([['w', 1]]), 'an object of class Map']
  ])('asks for a state dict where it is given %s', async (_, given, found) => {
    const fault = `stateDict: expected a state dict, such as a module's stateDict(), got ${found}`
    await expect(writeWeights(join(folder, 'net.pth'), given as StateDict)).rejects.toThrow(
      `writeWeights: ${fault}`
    )
    expect(() => encodeWeights(given as StateDict)).toThrow(`encodeWeights: ${fault}`)
  })

  it('reports what it cannot write', async () => {
    const state: StateDict = new Map([['w', new Tensor(new Float32Array(1), [1], 'float32')]])
    await expect(writeWeights(join(folder, 'w.bin.txt'), state)).rejects.toThrow(WeightsError)
    await expect(writeWeights(join(folder, 'no/such/w.pth'), state)).rejects.toThrow(
      join(folder, 'no/such/w.pth')
    )
    await expect(stat(join(folder, 'no'))).rejects.toThrow()
  })
})
