// Weights in a page: every container is read or refused as in Node.
import { describe, expect, it } from 'vitest'
import { readWeights, resnet18, type StateDict } from 'resnet-ts'
import { encodeWeights, WeightsError, type ReadWeightsOptions } from 'resnet-ts/weights'
import { golden, goldenAddress, served, sha256 } from './served.js'

interface Expected {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly hex: string
}
interface Goldens {
  readonly files: Readonly<Record<string, Readonly<Record<string, Expected>>>>
}

const goldens = await Promise.all([
  golden<Goldens>('weights/expected.json'),
  golden<Goldens>('weights/expected-torch2.json')
])
const FILES = goldens.flatMap(({ files }) => Object.entries(files))
const addressOf = (name: string): string => goldenAddress(`weights/${name}`)
const load = (name: string): Promise<Uint8Array<ArrayBuffer>> => served(addressOf(name))
const fileNamed = async (name: string): Promise<File> => new File([await load(name)], name)

function describeState(state: StateDict): Record<string, Expected> {
  return Object.fromEntries(
    Array.from(state, ([name, { dtype, shape, data }]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      return [
        name,
        { dtype, shape, hex: Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('') }
      ]
    })
  )
}

async function failure(source: File | string, options?: ReadWeightsOptions): Promise<WeightsError> {
  const error: unknown = await readWeights(source, options).catch((caught: unknown) => caught)
  if (!(error instanceof WeightsError)) throw new Error('it was not refused', { cause: error })
  expect(error.path).toBe(source instanceof File ? source.name : source)
  expect(error.message).toBe(`${error.path}: ${error.fault}`)
  return error
}

describe('readWeights', () => {
  it('has a golden file of every container', () => {
    const kinds = new Set(FILES.map(([name]) => name.split('-')[0]))
    expect(kinds).toEqual(new Set(['zip', 'legacy', 'tar', 'torch2']))
  })

  it.each(FILES)('reads %s as torch does, from a File and by URL', async (name, expected) => {
    const options = name.includes('ambiguous') ? { entry: 'model' } : {}
    expect(describeState(await readWeights(await fileNamed(name), options))).toEqual(expected)
    expect(describeState(await readWeights(addressOf(name), options))).toEqual(expected)
  })

  it('accepts relative, absolute and blob URLs', async () => {
    const absolute = new URL(addressOf('zip-network.pth'), location.href)
    const up = '../'.repeat(location.pathname.split('/').length)
    const blob = URL.createObjectURL(await fileNamed('zip-network.pth'))
    const expected = describeState(await readWeights(absolute))
    for (const source of [absolute.href, `${up}test/goldens/weights/zip-network.pth`, blob])
      expect(describeState(await readWeights(source))).toEqual(expected)
  })

  it.each(['safetensors', 'pth'] as const)('reads what encodeWeights wrote as %s', async format => {
    const net = resnet18({ numClasses: 2 })
    const bytes = encodeWeights(net.stateDict(), { format })
    const read = await readWeights(new File([bytes], `net.${format}`))
    expect([...read.keys()]).toEqual([...net.stateDict().keys()])
    for (const [name, { dtype, shape, data }] of net.stateDict()) {
      expect(read.get(name)).toMatchObject({ dtype, shape })
      expect(await hashOf(read.get(name)?.data), name).toBe(await hashOf(data))
    }
    expect(resnet18({ numClasses: 2 }).loadStateDict(read)).toMatchObject({
      missingKeys: [],
      unexpectedKeys: []
    })
  })
})

describe('readWeights refuses', () => {
  it.each([
    ['refused-module.pth', /an object of "torch\.nn\.modules\.container\.Sequential"/],
    ['refused-complex.pth', /is an object of "torch\.ComplexFloatStorage"/],
    ['refused-list.pth', /holds a list where a state dict was expected/],
    ['refused-torchscript.pt', /is a TorchScript archive/]
  ])('%s', async (name, fault) => {
    expect((await failure(await fileNamed(name))).fault).toMatch(fault)
    expect((await failure(addressOf(name))).fault).toMatch(fault)
  })

  it('more memory than allowed', async () => {
    const options = { maxBytes: 10 }
    expect((await failure(await fileNamed('zip-strided.pth'), options)).fault).toMatch(/past 10 bytes/)
  })

  it.each([['zip-dtypes.pth', 'legacy-views.pth', 'tar-dtypes.pth', 'torch2-dtypes.safetensors']].flat())(
    '%s wherever it is cut or damaged, soon',
    async name => {
      const whole = await load(name)
      for (let round = 1; round < 60; round++) {
        const bytes = whole.slice(0, round % 2 === 0 ? (whole.length * round) / 60 : whole.length)
        if (round % 2 === 1)
          for (let i = 0; i < 8; i++) bytes[(round * 7919 * (i + 1)) % bytes.length] ^= 0x81
        const start = performance.now()
        const result = await readWeights(new File([bytes], name)).catch((error: unknown) => error)
        expect(performance.now() - start).toBeLessThan(2000)
        expect(result instanceof WeightsError || result instanceof Map, String(result)).toBe(true)
      }
    }
  )

  it('other files, and files that cannot be fetched', async () => {
    expect((await failure(new File([], 'a.pth'))).fault).toBe('is empty')
    expect((await failure(new File(['<!doctype html>'], 'a.pth'))).fault).toMatch(
      /^is a web page, not weights/
    )
    expect((await failure('/faults/404/weights/a.pth')).fault).toBe(
      'cannot be fetched: the server answers with status 404'
    )
    expect((await failure('/faults/page/weights/a.pth')).fault).toBe(
      'cannot be fetched: the server answers with a web page; is there such a file?'
    )
    expect((await failure('/faults/refuse/weights/a.pth')).fault).toBe(
      'cannot be fetched: the connection failed'
    )
    expect((await failure('/faults/cut/weights/a.pth?size=100000')).fault).toMatch(/^cannot be fetched/)
    expect((await failure('http://127.0.0.1:9/a.pth')).fault).toMatch(
      /the connection to 127\.0\.0\.1:9 failed, or it does not let pages of other origins read its files \(CORS\)/
    )
  })
})

async function hashOf(data: ArrayBufferView | undefined): Promise<string> {
  return data ? sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) : 'nothing'
}
