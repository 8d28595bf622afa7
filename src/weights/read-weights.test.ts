import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StateDict } from '../tensor/state-dict.js'
import { bytesOf } from '../tensor/dtype.js'
import { readWeights, readWithMetadata } from './read-weights.js'
import { tensor } from '../tensor/tensor.js'
import { WeightsError } from './bytes.js'
import { writeWeights } from './write-weights.js'

const FOLDER = fileURLToPath(new URL('../../test/goldens/weights/', import.meta.url))

interface Expected {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly hex: string
}

function expectedFiles(name: string): [string, Record<string, Expected>][] {
  const golden = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as {
    files: Record<string, Record<string, Expected>>
  }
  return Object.entries(golden.files)
}

function describeState(state: StateDict): [string, Expected][] {
  return Array.from(state, ([name, { dtype, shape, data }]) => [
    name,
    { dtype, shape, hex: Buffer.from(bytesOf(data)).toString('hex') }
  ])
}

const FILES = [...expectedFiles('expected.json'), ...expectedFiles('expected-torch2.json')]

// The safetensors package sorts the header by dtype and name; all other formats keep the writer's order.
const sorted = (name: string, entries: [string, Expected][]): [string, Expected][] =>
  name.endsWith('.safetensors') ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries

describe('readWeights', () => {
  it('has a golden file of every container', () => {
    const kinds = FILES.map(([name]) => name.split('-')[0])
    expect(new Set(kinds)).toEqual(new Set(['zip', 'legacy', 'tar', 'torch2']))
    expect(FILES.every(([name]) => existsSync(join(FOLDER, name)))).toBe(true)
  })

  it.each(FILES)('reads %s as torch does, from a path and from bytes', async (name, expected) => {
    const options = name.includes('ambiguous') ? { entry: 'model' } : {}
    const path = join(FOLDER, name)
    for (const source of [path, new Uint8Array(readFileSync(path)), new Blob([readFileSync(path)])]) {
      const state = describeState(await readWeights(source, options))
      expect(sorted(name, state)).toEqual(sorted(name, Object.entries(expected)))
    }
  })

  it('shares memory only between tensors of the same storage', async () => {
    const state = await readWeights(join(FOLDER, 'zip-strided.pth'))
    expect(state.get('row')?.data.buffer).toBe(state.get('base')?.data.buffer)
    expect(state.get('transposed')?.data.buffer).not.toBe(state.get('base')?.data.buffer)
  })

  it('leaves out the values that a script put among the tensors', async () => {
    const state = await readWeights(join(FOLDER, 'values-beside.pth'))
    expect(Array.from(state, ([name, { shape }]) => [name, shape])).toEqual([['weight', [2]]])
  })

  it('reads bytes at an odd offset', async () => {
    const file = readFileSync(join(FOLDER, 'torch2-dtypes.safetensors'))
    const shifted = new Uint8Array(file.length + 1)
    shifted.set(file, 1)
    const state = await readWeights(shifted.subarray(1))
    expect(state.get('scalar')?.data).toEqual(new BigInt64Array([7n]))
  })
})

const REFUSED: [file: string, message: RegExp][] = [
  [
    'refused-module.pth',
    /: run torch\.save\(torch\.load\('FILE', weights_only=False\)\.state_dict\(\), 'weights\.pth'\) in Python .* only if you trust this file, .* an object of "torch\.nn\.modules\.container\.Sequential"/
  ],
  ['refused-complex.pth', /"\w+" is an object of "torch\.ComplexFloatStorage"$/],
  ['refused-list.pth', /holds a list where a state dict was expected/],
  [
    'refused-torchscript.pt',
    /: run torch\.save\(torch\.jit\.load\('FILE'\)\.state_dict\(\), 'weights\.pth'\) in Python .* is a TorchScript archive/
  ]
]

describe('what readWeights refuses', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-weights-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const failure = async (path: string, options = {}): Promise<WeightsError> => {
    const error: unknown = await readWeights(path, options).catch((cause: unknown) => cause)
    if (!(error instanceof WeightsError)) throw new Error(`${path} was not refused`, { cause: error })
    expect(error.path).toBe(path)
    expect(error.message.startsWith(`${path}: `)).toBe(true)
    expect(error.message.length).toBeLessThan(path.length + 300)
    return error
  }

  it.each(REFUSED)('%s', async (name, message) => {
    expect((await failure(join(FOLDER, name))).message).toMatch(message)
  })

  it('an entry that is missing or is not a dict', async () => {
    const path = join(FOLDER, 'zip-checkpoint.pth')
    expect((await failure(path, { entry: 'net' })).fault).toBe(
      'expected a state dict as its entry "net", found no such entry ' +
        '(it has "epoch", "arch", "state_dict", "best_acc1", "optimizer")'
    )
    expect((await failure(path, { entry: 'arch' })).fault).toMatch(/found a str/)
    expect((await failure(path, { entry: 'optimizer' })).fault).toMatch(/"state" is a dict/)
  })

  it('more memory than allowed', async () => {
    expect((await failure(join(FOLDER, 'zip-strided.pth'), { maxBytes: 10 })).fault).toMatch(/past 10 bytes/)
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /is empty/],
    ['a short file', 'abc', /has only 3 bytes/],
    ['a web page', '<!DOCTYPE html><html><title>404</title></html>', /is a web page, not weights/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
      /is a Git LFS pointer/
    ],
    ['gzip', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]), /compressed with gzip/],
    [
      'text',
      'some other text altogether',
      /^is neither a \.safetensors, \.npz or \.onnx file nor what torch\.save writes$/
    ],
    ['a TensorFlow Lite model', '\u001c\0\0\0TFL3 and more', /^is a TensorFlow Lite model; convert it/],
    ['a GGUF file', 'GGUF\u0003\0\0\0 and more', /^is a GGUF file; convert it/],
    [
      'a NumPy array',
      new Uint8Array([0x93, ...Buffer.from('NUMPY\u0001 and more')]),
      /^is one NumPy array, .* numpy\.savez/
    ],
    ['an empty zip archive', `PK\u0005\u0006${'\0'.repeat(18)}`, /zip archive without a data\.pkl/],
    ['a zip archive cut short', 'PK\u0003\u0004 and no more', /truncated zip archive/]
  ])('%s', async (_, content, message) => {
    const path = join(folder, 'file.pth')
    await writeFile(path, content)
    expect((await failure(path)).fault).toMatch(message)
  })

  it('a folder and a missing file', async () => {
    expect((await failure(folder)).fault).toBe('is a folder, not a file')
    expect((await failure(join(folder, 'none.pth'))).fault).toBe('no such file')
    expect((await failure('runs/best.safetensors')).fault).toBe('no such file')
    expect((await failure('timm/resnet50.a1_in1k')).fault).toBe(
      'no such file; on the Hugging Face Hub it is hf:timm/resnet50.a1_in1k'
    )
    expect(readdirSync(folder)).not.toContain('none.pth')
  })
})

describe('readWithMetadata', () => {
  it('reads one file, though another is renamed over it between its metadata and its tensors', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-once-'))
    const [path, other] = ['last', 'next'].map(name => join(folder, `${name}.safetensors`))
    const write = (to: string, value: number): Promise<void> =>
      writeWeights(to, new Map([['w', tensor([value])]]), { metadata: { of: String(value) } })
    await write(path, 1)
    await write(other, 2)
    const { metadata, tensors } = await readWithMetadata(path, texts => {
      renameSync(other, path)
      return texts.get('of')
    })
    expect([metadata, tensors.get('w')?.data[0]]).toEqual(['1', 1])
    expect((await readWeights(path)).get('w')?.data[0]).toBe(2)
    await rm(folder, { recursive: true })
  })

  it('reads no tensors where the metadata is refused', async () => {
    const refuse = (): never => {
      throw new TypeError('not mine')
    }
    await expect(readWithMetadata(join(FOLDER, 'nowhere'), refuse)).rejects.toThrow('no such file')
  })
})
