// The ways to give a file: a path, an address, or the file itself, also one that another realm made; for every function that
// reads files, and without a byte of them in any message.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RandomGenerator, readImage, readWeights, ResnetError, Tensor, tensor } from 'resnet-ts'
import {
  centerCrop,
  colorJitter,
  encodePng,
  grayscale,
  makePipeline,
  randAugment,
  randomCrop,
  randomHorizontalFlip,
  randomResizedCrop,
  randomVerticalFlip,
  resize,
  toTensor,
  type Transform
} from 'resnet-ts/images'
import { encodeWeights } from 'resnet-ts/weights'

const GOLDENS = fileURLToPath(new URL('goldens/', import.meta.url))
const IMAGE = 'images/rgb.png'
const WEIGHTS = 'weights/torch2-dtypes.safetensors'

let server: Server
let origin = ''
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/missing') response.writeHead(404).end('no')
    else if (request.url === '/part') response.writeHead(206).end(readFileSync(GOLDENS + IMAGE))
    else if (request.url === '/empty') response.end()
    else response.end(readFileSync(GOLDENS + String(request.url).slice(1)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const bytesOf = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(GOLDENS + name))

/** The same object as another realm makes it. */
const realm = createContext({})
function foreign(code: string, values: Readonly<Record<string, unknown>> = {}): unknown {
  Object.assign(realm, values)
  return runInContext(code, realm)
}

// What other implementations of the platform make: alike by tag, not by class.
class OtherUrl {
  constructor(readonly href: string) {}
  readonly [Symbol.toStringTag] = 'URL'
  get protocol(): string {
    return new URL(this.href).protocol
  }
  get pathname(): string {
    return new URL(this.href).pathname
  }
  toString(): string {
    return this.href
  }
}
class OtherBlob {
  readonly #blob: Blob
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#blob = new Blob([bytes])
  }
  readonly [Symbol.toStringTag] = 'Blob'
  get size(): number {
    return this.#blob.size
  }
  slice(start: number, end: number): Blob {
    return this.#blob.slice(start, end)
  }
}

const WAYS: readonly (readonly [string, (name: string) => unknown])[] = [
  ['a path', name => GOLDENS + name],
  ['a file URL', name => pathToFileURL(GOLDENS + name)],
  ['the text of a file URL', name => pathToFileURL(GOLDENS + name).href],
  ['an http URL', name => new URL(origin + name)],
  ['the text of an http URL', name => origin + name],
  ['the text of an http URL in capitals', name => origin.replace('http', 'HTTP') + name],
  ['a data URL', name => new URL(`data:;base64,${Buffer.from(bytesOf(name)).toString('base64')}`)],
  [
    'the text of a data URL',
    name => `data:application/octet-stream;base64,${Buffer.from(bytesOf(name)).toString('base64')}`
  ],
  ['the text of a blob URL', name => URL.createObjectURL(new Blob([bytesOf(name)]))],
  ['a Blob', name => new Blob([bytesOf(name)])],
  ['a File', name => new File([bytesOf(name)], 'a')],
  ['a Uint8Array', bytesOf],
  ['a Buffer', name => readFileSync(GOLDENS + name)],
  ['an ArrayBuffer', name => bytesOf(name).buffer],
  ['a Uint8Array of another realm', name => foreign('Uint8Array.from(bytes)', { bytes: bytesOf(name) })],
  [
    'an ArrayBuffer of another realm',
    name => foreign('Uint8Array.from(bytes).buffer', { bytes: bytesOf(name) })
  ],
  ['a URL of another implementation', name => new OtherUrl(pathToFileURL(GOLDENS + name).href)],
  ['a Blob of another implementation', name => new OtherBlob(bytesOf(name))]
]

describe.each(WAYS)('%s', (_, give) => {
  it('is read by readImage', async () => {
    expect(await readImage(give(IMAGE) as string)).toEqual(await readImage(GOLDENS + IMAGE))
  })

  it('is read by readWeights', async () => {
    expect(await readWeights(give(WEIGHTS) as string)).toEqual(await readWeights(GOLDENS + WEIGHTS))
  })
})

describe.each([
  ['readImage', readImage],
  ['readWeights', readWeights]
] as const)('%s', (_, read) => {
  const fault = async (source: unknown): Promise<string> => {
    const error: unknown = await read(source as string).catch((caught: unknown) => caught)
    if (!(error instanceof ResnetError)) throw new Error('it was not refused', { cause: error })
    return error.message
  }

  it('says what an address led to', async () => {
    expect(await fault(`${origin}missing`)).toBe(
      `${origin}missing: cannot be fetched: the server answers with status 404`
    )
    expect(await fault(`${origin}part`)).toMatch(/: cannot be fetched: the server answers with status 206$/)
    expect(await fault(`${origin}empty`)).toMatch(
      /: cannot be fetched: the server answers with an empty file$/
    )
    expect(await fault('http://127.0.0.1:9/a')).toMatch(/^http:\/\/127\.0\.0\.1:9\/a: cannot be fetched: /)
    expect(await fault('file:///no/such/file')).toBe('file:///no/such/file: no such file')
    expect(await fault(new URL('ftp://host/file'))).toBe('ftp://host/file: is not a file: URL')
  })

  it('prints no bytes, whatever it was given', async () => {
    const secret = 'SECRET-SECRET-SECRET-SECRET-SECRET'
    const bytes = new TextEncoder().encode(secret)
    const hex = Buffer.from(bytes).toString('hex')
    const base64 = Buffer.from(bytes).toString('base64')
    for (const source of [
      bytes,
      bytes.buffer,
      [...bytes],
      new DataView(bytes.buffer),
      new Uint16Array(bytes.buffer),
      new Blob([bytes]),
      `data:;base64,${base64}`,
      `data:,${secret}`,
      `${secret}\0`,
      secret.repeat(10),
      `folder/${secret}`.repeat(200),
      `http://127.0.0.1:9/${secret.repeat(200)}`,
      new URL(`data:;base64,${base64}`),
      foreign('Uint8Array.from(bytes)', { bytes })
    ]) {
      const said = await fault(source)
      for (const trace of ['SECRET', hex.slice(0, 8), base64.slice(0, 8), '83,69', '83, 69', '53 45']) {
        expect(said).not.toContain(trace)
      }
      expect(said.length).toBeLessThan(250)
    }
  })

  it.each([undefined, null, 7, {}, [], true, Symbol('a')])('refuses %s in a sentence', async source => {
    expect(await fault(source)).toMatch(/expected|neither a path/)
  })
})

describe('what another realm made', () => {
  it('is a tensor like any other', async () => {
    const data = foreign('Float32Array.of(1, 2, 3)') as Float32Array
    expect(data).not.toBeInstanceOf(Float32Array)
    for (const made of [tensor(data, [3]), new Tensor(data, [3], 'float32')]) {
      expect(made.dtype).toBe('float32')
      expect(made.data).toBeInstanceOf(Float32Array)
      expect(made.data.buffer).toBe(data.buffer)
    }
    expect(() => tensor(foreign('Float32Array.of(1, 2)') as Float32Array, [3])).toThrow('needs 3 elements')
  })

  it('is a state dict like any other', async () => {
    const state = foreign('new Map([["w", w]])', { w: tensor([1, 2]) }) as Map<string, Tensor>
    expect(await readWeights(encodeWeights(state))).toEqual(new Map([['w', tensor([1, 2])]]))
  })

  it('is a picture like any other', async () => {
    const data = foreign('Uint8Array.of(1, 2, 3)') as Uint8Array
    const picture = { width: 1, height: 1, channels: 3, data } as const
    expect([...(await readImage(await encodePng(picture))).data]).toEqual([1, 2, 3])
    const pixels = foreign('Uint8ClampedArray.of(1, 2, 3, 255)') as Uint8ClampedArray
    expect([...(await readImage({ width: 1, height: 1, data: pixels })).data]).toEqual([1, 2, 3])
  })
})

// Node's Buffer is a Uint8Array whose slice() is a view, not a copy, and which may lie in memory that others share.
describe('a Buffer in shared memory', () => {
  /** A file between other bytes of the same memory. */
  const inPool = (file: Uint8Array): { given: Buffer; pool: Buffer } => {
    const pool = Buffer.alloc(2 * 997 + file.length, 0xa5)
    pool.set(file, 997)
    return { given: pool.subarray(997, 997 + file.length), pool }
  }
  const namesIn = (folder: string): string[] =>
    readdirSync(GOLDENS + folder)
      .filter(name => !name.endsWith('.json'))
      .map(name => `${folder}/${name}`)

  it.each([
    ['images', readImage],
    ['weights', readWeights]
  ] as const)('is only read, of all %s', async (folder, read) => {
    const answer = (source: string | Uint8Array): Promise<unknown> =>
      read(source).catch((error: unknown) => (error instanceof ResnetError ? 'refused' : error))
    for (const name of namesIn(folder)) {
      const { given, pool } = inPool(readFileSync(GOLDENS + name))
      const before = Buffer.from(pool)
      const expected = await answer(GOLDENS + name)
      expect(await answer(given), name).toEqual(expected)
      expect(pool.equals(before), `${name} was changed`).toBe(true)
      expect(await answer(given), `${name} a second time`).toEqual(expected)
    }
  })

  it('is only read, of weights with a digest', async () => {
    const state = new Map([['w', tensor([1, 2, 3])]])
    const { given, pool } = inPool(encodeWeights(state, { digest: true }))
    const before = Buffer.from(pool)
    for (let time = 0; time < 2; time++) expect(await readWeights(given)).toEqual(state)
    expect(pool.equals(before)).toBe(true)
  })

  it('is a tensor whose slice is a copy', () => {
    const { given, pool } = inPool(Uint8Array.of(1, 2, 3))
    const data = tensor(given, [3]).data as Uint8Array
    expect(data.buffer).toBe(pool.buffer)
    data.slice().fill(0)
    expect([...given]).toEqual([1, 2, 3])
  })

  it.each<Transform>([
    centerCrop(4),
    colorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.2 }),
    grayscale(),
    randAugment(),
    randomCrop(4, { padding: 2 }),
    randomHorizontalFlip(1),
    randomResizedCrop(5),
    randomVerticalFlip(1),
    resize([7, 7])
  ])('is only read as the pixels of a picture, by $name', step => {
    const { given, pool } = inPool(Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37) % 256))
    const before = Buffer.from(pool)
    const [width, height, channels] = [8, 8, 3] as const
    const prepare = makePipeline([step, toTensor()])
    for (let seed = 0; seed < 40; seed++) {
      const answers = [given, new Uint8Array(given)].map(data =>
        prepare.crop({ width, height, channels, data }, new RandomGenerator(seed))
      )
      expect(answers[0].data, `seed ${seed}`).toEqual(answers[1].data)
      answers[0].data.fill(7)
      expect(pool.equals(before), `seed ${seed}`).toBe(true)
    }
  })
})
