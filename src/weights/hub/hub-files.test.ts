import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gitHash, sha256, startHub, type Fault, type HubServer } from '../../../test/support/hub-server.js'
import { WeightsError } from '../bytes.js'
import { readHubAddress } from './address.js'
import { openHubFiles } from './hub-files.js'
import type { HubOptions } from './hub-settings.js'

const WEIGHTS = randomBytes(300_000)
const CONFIG = `{ "architecture": "resnet18", "filler": "${'x'.repeat(2000)}" }`

let hub: HubServer
let cache: string

beforeEach(async () => {
  for (const name of Object.keys(process.env)) {
    if (/^(HF|HUGGING|TRANSFORMERS)_/.test(name)) vi.stubEnv(name, undefined)
  }
  hub = await startHub({ 'config.json': CONFIG, 'model.safetensors': WEIGHTS })
  cache = await mkdtemp(join(tmpdir(), 'resnet-ts-hub-'))
  vi.stubEnv('HF_HUB_CACHE', cache)
  vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/`)
  vi.stubEnv('HF_HOME', join(cache, 'home'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub[Symbol.asyncDispose]()
  await rm(cache, { recursive: true, force: true })
})

const ADDRESS = 'hf:owner/net'
const folder = (...parts: string[]): string => join(cache, 'models--owner--net', ...parts)
const open = (address = ADDRESS, options: HubOptions = {}, onNote?: (note: string) => void) =>
  openHubFiles(readHubAddress(address), options, onNote)
const weights = async (address?: string, options?: HubOptions): Promise<string> =>
  (await open(address, options)).path('model.safetensors')
const refusal = async (asking: Promise<unknown>): Promise<string> => {
  const error: unknown = await asking.catch((caught: unknown) => caught)
  if (!(error instanceof WeightsError)) throw new Error('it was not refused', { cause: error })
  expect(error.name).toBe('WeightsError')
  return error.message
}
/** Answers so many requests for the file with an action, then leaves the rest alone. */
const first = (count: number, host: 'hub' | 'cdn', act: Parameters<typeof onRequest>[1]): Fault => {
  let left = count
  return onRequest(host, (request, response) => {
    if (left-- <= 0) return false
    return act(request, response)
  })
}
const onRequest = (host: 'hub' | 'cdn', act: (...of: Parameters<Fault>) => boolean | undefined): Fault => {
  return (request, response) => request.host === host && (act(request, response) ?? true)
}
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Fault =>
  (_, response) => {
    response.writeHead(code, headers).end()
    return true
  }
const incomplete = async (): Promise<string[]> =>
  (await readdir(cache, { recursive: true })).filter(name => name.includes('incomplete'))

describe('files of the hub', () => {
  it("are kept as Python keeps them: blobs by hash, relative links by commit, a branch's commit", async () => {
    const files = await open()
    expect(files.commit).toBe(hub.commit)
    expect(files.names).toEqual(['config.json', 'model.safetensors'])
    const onProgress = vi.fn()
    const path = await files.path('model.safetensors', onProgress)
    expect(onProgress).toHaveBeenLastCalledWith(WEIGHTS.length, WEIGHTS.length)
    expect(path).toBe(folder('snapshots', hub.commit, 'model.safetensors'))
    expect(WEIGHTS.equals(await readFile(path))).toBe(true)
    expect(await readlink(path)).toBe(join('..', '..', 'blobs', sha256(WEIGHTS)))
    expect(await readFile(await files.path('config.json'), 'utf8')).toBe(CONFIG)
    const config = folder('snapshots', hub.commit, 'config.json')
    expect(await readlink(config)).toBe(join('..', '..', 'blobs', gitHash(Buffer.from(CONFIG))))
    expect(await readFile(folder('refs', 'main'), 'utf8')).toBe(hub.commit)
    expect(await readFile(join(cache, 'CACHEDIR.TAG'), 'utf8')).toContain('8a477f597d28d172789f06886806bc55')
    expect((await readdir(folder('blobs'))).sort()).toEqual(
      [sha256(WEIGHTS), gitHash(Buffer.from(CONFIG))].sort()
    )
  })

  it('are downloaded once, asked for a commit without a request, and shared by commits', async () => {
    await weights()
    hub.requests.length = 0
    await weights()
    expect(hub.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/models/owner/net/revision/main'
    ])
    hub.requests.length = 0
    await weights(`${ADDRESS}@${hub.commit}`)
    expect(hub.requests).toEqual([])
    // Another commit, with the same file.
    await using next = await startHub({ 'model.safetensors': WEIGHTS }, 'd'.repeat(40))
    const path = await weights(ADDRESS, { endpoint: next.endpoint })
    expect(path).toContain('d'.repeat(40))
    expect(next.requests.map(({ host, method }) => `${host} ${method}`)).toEqual(['hub GET', 'hub HEAD'])
    expect(await readFile(folder('refs', 'main'), 'utf8')).toBe('d'.repeat(40))
  })

  it('of a pull request are asked for with an encoded name, and noted in folders', async () => {
    await weights(`${ADDRESS}@refs/pr/1`)
    expect(hub.requests[0].url).toBe('/api/models/owner/net/revision/refs%2Fpr%2F1')
    expect(await readFile(folder('refs', 'refs', 'pr', '1'), 'utf8')).toBe(hub.commit)
  })

  it('are found where Python has put them, also without links or behind two', async () => {
    const other = 'e'.repeat(40)
    await mkdir(folder('snapshots', other), { recursive: true })
    await writeFile(folder('snapshots', other, 'config.json'), 'as a file')
    await mkdir(folder('blobs'))
    await mkdir(join(cache, 'blobs', 'ab'), { recursive: true })
    await writeFile(join(cache, 'blobs', 'ab', 'abcdef'), WEIGHTS)
    await symlink('../../blobs/ab/abcdef', folder('blobs', sha256(WEIGHTS)))
    await symlink(`../../blobs/${sha256(WEIGHTS)}`, folder('snapshots', other, 'model.safetensors'))
    const files = await open(`${ADDRESS}@${other}`)
    expect(await readFile(await files.path('config.json'), 'utf8')).toBe('as a file')
    expect(WEIGHTS.equals(await readFile(await files.path('model.safetensors')))).toBe(true)
    await mkdir(folder('.no_exist', other), { recursive: true })
    await writeFile(folder('.no_exist', other, 'preprocessor_config.json'), '')
    expect(await files.has('preprocessor_config.json')).toBe(false)
    expect(hub.requests).toEqual([])
  })

  it('are fetched again when they have changed', async () => {
    const path = await weights()
    for (const damage of [WEIGHTS.subarray(0, 1000), Buffer.alloc(WEIGHTS.length)]) {
      await writeFile(path, damage)
      expect(await weights()).toBe(path)
      expect(WEIGHTS.equals(await readFile(path))).toBe(true)
      expect((await lstat(path)).isSymbolicLink()).toBe(true)
    }
  })

  it('are stored without what killed downloads have left, and with what others are writing', async () => {
    await mkdir(folder('blobs'), { recursive: true })
    const [killed, running] = ['11111111', '22222222'].map(id =>
      folder('blobs', `${sha256(WEIGHTS)}.${id}.incomplete`)
    )
    const foreign = folder('blobs', `${sha256(WEIGHTS)}.incomplete`)
    for (const file of [killed, running, foreign]) await writeFile(file, 'half')
    const before = Date.now() / 1000 - 2 * 60 * 60
    for (const file of [killed, foreign]) await utimes(file, before, before)
    await weights()
    expect([killed, running, foreign].map(file => existsSync(file))).toEqual([false, true, true])
  })

  it.each(['2.0005', '1e300', '5e6', 'Infinity', '1e-9'])('are waited for %s s', async seconds => {
    vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', seconds)
    vi.stubEnv('HF_HUB_ETAG_TIMEOUT', seconds)
    const asking = weights(ADDRESS, { retries: 0 })
    if (seconds === '1e-9') expect(await refusal(asking)).toMatch(/silent/)
    else expect(await asking).toContain(hub.commit)
  })

  it.each([
    ['https://who:s3cret@hub.example', /^HF_ENDPOINT: .* name or password/],
    ['https://hub.example/?a=s3cret', /^HF_ENDPOINT: .* \? or #/],
    ['https://hub.example/#s3cret', /^HF_ENDPOINT: .* \? or #/]
  ])('are not asked for at %s, which is not shown', async (endpoint, fault) => {
    const said = await refusal(weights(ADDRESS, { endpoint }))
    expect(said).toMatch(fault)
    expect(said).not.toContain('s3cret')
  })

  it('are moved into the snapshot where no links are wanted', async () => {
    vi.stubEnv('HF_HUB_DISABLE_SYMLINKS', '1')
    const path = await weights()
    expect((await lstat(path)).isFile()).toBe(true)
    expect(await readdir(folder('blobs'))).toEqual([])
    expect(await weights()).toBe(path)
  })

  it('are shared by those who ask at once', async () => {
    const paths = await Promise.all([weights(), weights(), weights()])
    expect(new Set(paths).size).toBe(1)
    expect(hub.requests.filter(({ host }) => host === 'cdn')).toHaveLength(1)
  })

  it('are where HF_HOME says, with its own variables, or in the home folder', async () => {
    vi.stubEnv('HF_HUB_CACHE', undefined)
    vi.stubEnv('BELOW', 'below')
    vi.stubEnv('HF_HOME', join(cache, '$BELOW', '${BELOW}'))
    expect(await weights()).toContain(join(cache, 'below', 'below', 'hub', 'models--owner--net'))
    vi.stubEnv('HF_HOME', undefined)
    vi.stubEnv('XDG_CACHE_HOME', join(cache, 'xdg'))
    expect(await weights()).toContain(join(cache, 'xdg', 'huggingface', 'hub'))
  })

  it('of a renamed repository come from the new one', async () => {
    hub.renamed.set('before/net', 'owner/net')
    const path = await weights('hf:before/net')
    expect(path).toContain('models--before--net')
    expect(WEIGHTS.equals(await readFile(path))).toBe(true)
  })
})

describe('the token', () => {
  it.each<[string, () => Promise<HubOptions | undefined> | HubOptions | undefined]>([
    ['HF_TOKEN', () => void vi.stubEnv('HF_TOKEN', ' hf_secret\n')],
    ['the older name', () => void vi.stubEnv('HUGGING_FACE_HUB_TOKEN', 'hf_secret')],
    [
      'the saved one',
      async () => {
        await mkdir(join(cache, 'home'))
        await writeFile(join(cache, 'home', 'token'), 'hf_secret\n')
        return undefined
      }
    ],
    ['an option', () => ({ token: 'hf_secret' })]
  ])('is %s, and goes to the hub alone', async (_, give) => {
    hub.token = 'hf_secret'
    const options = (await give()) ?? {}
    await weights(ADDRESS, options)
    const seen = hub.requests.map(({ host, authorization }) => `${host} ${authorization}`)
    expect(seen).toEqual(['hub Bearer hf_secret', 'hub Bearer hf_secret', 'cdn undefined'])
  })

  it('is not sent where HF_HUB_DISABLE_IMPLICIT_TOKEN is set', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    vi.stubEnv('HF_HUB_DISABLE_IMPLICIT_TOKEN', 'YES')
    await weights()
    expect(hub.requests.every(({ authorization }) => authorization === undefined)).toBe(true)
  })

  it('does not follow a small file that the hub redirects elsewhere', async () => {
    hub.token = 'hf_secret'
    hub.fault = ({ host, method, url }, response) => {
      if (host !== 'hub' || method !== 'GET' || !url.includes('resolve')) return false
      const cdn = 'http://localhost:' + new URL(hub.endpoint).port
      response.writeHead(302, { location: `${cdn}/elsewhere` }).end()
      return true
    }
    const files = await open(ADDRESS, { token: 'hf_secret', retries: 0 })
    await refusal(files.path('config.json'))
    expect(hub.requests.at(-1)).toMatchObject({ url: '/elsewhere', authorization: undefined })
  })

  it('is in no message', async () => {
    hub.token = 'hf_other'
    for (const token of ['hf_secret', 'hf_secret\u2603', 'hf_sec\nret']) {
      const message = await refusal(open(ADDRESS, { token }))
      expect(message).toMatch(/HF_TOKEN/)
      expect(message).not.toMatch(/hf_sec/)
    }
  })
})

describe('a hub that refuses', () => {
  it.each<[number, string | undefined, string, string]>([
    [
      401,
      undefined,
      '',
      'has no such repository, or it is private (status 401): check the name, or give a token'
    ],
    [403, undefined, 'GatedRepo', 'the repository is gated (status 403): ask for access on its page on'],
    [403, 'hf_x', '', 'refuses to give it (status 403): the token (HF_TOKEN) may not read it'],
    [404, undefined, 'RepoNotFound', 'has no such repository'],
    [404, undefined, 'RevisionNotFound', 'the repository has no such branch, tag or commit'],
    [
      429,
      undefined,
      '',
      'has had too many requests from here (status 429): try again in 280 s; more are allowed with a token (HF_TOKEN)'
    ],
    [418, undefined, '', 'answers with status 418']
  ])(
    'with status %i (token: %s; %s) says what to do, and is asked once',
    async (code, token, kind, sentence) => {
      hub.fault = status(code, {
        ...(kind !== '' && { 'x-error-code': kind }),
        ratelimit: '"api";r=0;t=280'
      })
      const message = await refusal(open(ADDRESS, token === undefined ? {} : { token }))
      expect(message).toMatch(/^hf:owner\/net: /)
      expect(message).toContain(sentence)
      expect(hub.requests).toHaveLength(1)
      expect(await readdir(cache)).toEqual([])
    }
  )

  it('is asked again when it says to wait a little, and after an error of its own', async () => {
    const answers = [
      status(429, { ratelimit: '"resolvers";r=0;t=0' }),
      status(429, { 'retry-after': '0' }),
      status(503)
    ]
    hub.fault = (request, response) => answers.shift()?.(request, response) ?? false
    expect(WEIGHTS.equals(await readFile(await weights()))).toBe(true)
  })

  it('names a file that is not there, a place that is no hub, and a page', async () => {
    const files = await open()
    expect(await refusal(files.path('none.bin'))).toBe('hf:owner/net: the repository has no file none.bin')
    expect(await refusal(open(ADDRESS, { endpoint: 'hub' }))).toMatch(/HF_ENDPOINT has to be/)
    hub.fault = (_, response) => Boolean(response.end('{"sha": "main"}'))
    expect(await refusal(open())).toMatch(/does not answer as a hub: .*40 hex digits.*HF_ENDPOINT/)
    hub.fault = (_, response) =>
      Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
    expect(await refusal(open())).toMatch(/web page/)
    hub.fault = status(200)
    expect(await refusal(files.path('config.json'))).toMatch(/does not say the hash of config.json/)
  })
})

describe('a download that goes wrong', () => {
  const half: Fault = (_, response) => {
    response.writeHead(200, { 'content-length': WEIGHTS.length })
    response.write(WEIGHTS.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 50))
    return true
  }

  it('goes on where it stopped', async () => {
    hub.fault = first(1, 'cdn', half)
    expect(WEIGHTS.equals(await readFile(await weights()))).toBe(true)
    const ranges = hub.requests.flatMap(({ host, range }) => (host === 'cdn' ? [range ?? 'all'] : []))
    expect(ranges[0]).toBe('all')
    expect(ranges[1]).toMatch(/^bytes=\d{5,6}-$/)
  })

  it('begins again where the server knows no ranges', async () => {
    hub.fault = first(2, 'cdn', ({ range }, response) => {
      if (range === undefined) return half({} as never, response)
      response.writeHead(200, { 'content-length': WEIGHTS.length }).end(WEIGHTS)
      return true
    })
    expect(WEIGHTS.equals(await readFile(await weights()))).toBe(true)
  })

  it('asks for a new address when the signed one has expired', async () => {
    hub.fault = first(1, 'cdn', status(403))
    await weights()
    expect(hub.requests.map(({ host, method }) => `${host} ${method}`)).toEqual([
      'hub GET',
      'hub HEAD',
      'cdn GET',
      'hub HEAD',
      'cdn GET'
    ])
  })

  it.each<[string, Fault, string]>([
    [
      'half a file, as if it were whole',
      (_, response) => Boolean(response.end(WEIGHTS.subarray(0, 150_000))),
      'model.safetensors cannot be downloaded: 150000 of 300000 bytes arrived'
    ],
    [
      "another file's content",
      (_, response) => Boolean(response.end(Buffer.alloc(WEIGHTS.length))),
      `but the hub says ${sha256(WEIGHTS)}: it is another file or was changed on its way; try again`
    ],
    [
      'more than there is',
      (_, response) => Boolean(response.end(Buffer.alloc(WEIGHTS.length + 1))),
      `more than the ${WEIGHTS.length} bytes that the hub says: it is another file or was changed on its way; try again`
    ],
    ['nothing', status(404), 'the repository has no file model.safetensors'],
    [
      'a broken connection',
      (_, response) => Boolean(response.destroy()),
      'model.safetensors cannot be downloaded: '
    ]
  ])('leaves the cache whole after %s', async (_, fault, sentence) => {
    await (await open()).path('config.json')
    const before = await readdir(cache, { recursive: true })
    hub.fault = onRequest('cdn', fault)
    expect(await refusal(weights(ADDRESS, { retries: 0 }))).toContain(sentence)
    expect(await readdir(cache, { recursive: true })).toEqual(before)
    expect(await incomplete()).toEqual([])
    hub.fault = () => false
    expect(WEIGHTS.equals(await readFile(await weights()))).toBe(true)
  })

  it.each(['http://[bad', '//', 'file:///etc/passwd', 'javascript:1', 'data:,x'])(
    'does not follow a redirect to %s',
    async location => {
      const redirect = status(302, { location, 'x-linked-etag': sha256(WEIGHTS) })
      hub.fault = (request, response) => request.method === 'HEAD' && redirect(request, response)
      expect(await refusal(weights(ADDRESS, { retries: 0 }))).toContain(
        `redirects to ${JSON.stringify(location)}, which is no address`
      )
    }
  )

  it('ends with the size that the hub says, where the file has no end', async () => {
    let sent = 0
    hub.fault = onRequest('cdn', (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(WEIGHTS)) sent += WEIGHTS.length
      }
      response.on('drain', more)
      more()
      return undefined
    })
    expect(await refusal(weights(ADDRESS, { retries: 0 }))).toContain(
      `more than the ${WEIGHTS.length} bytes that the hub says`
    )
    expect(sent).toBeLessThan(100 * WEIGHTS.length)
    expect(await incomplete()).toEqual([])
  })

  it('notices that the hub is silent', async () => {
    hub.fault = () => true
    expect(await refusal(open(ADDRESS, { timeoutMs: 100, retries: 0 }))).toMatch(/silent/)
    vi.stubEnv('HF_HUB_ETAG_TIMEOUT', '0.1')
    expect(await refusal(open(ADDRESS, { retries: 0 }))).toMatch(/silent/)
  })

  it('says which variable names another folder where it cannot write', async () => {
    const file = join(cache, 'file')
    await writeFile(file, '')
    vi.stubEnv('HF_HUB_CACHE', file)
    await expect(weights()).rejects.toThrow(/HF_HUB_CACHE names another folder/)
  })

  it('does not write where a name leads out of the folder', async () => {
    const files = await open()
    for (const name of ['../evil', '/etc/evil', 'a/../../evil', 'C:\\evil', 'a\\b']) {
      expect(await refusal(files.path(name))).toContain('leads out of its folder')
    }
    expect(existsSync(folder('snapshots'))).toBe(false)
  })
})

describe('without the network', () => {
  it.each(['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'])('takes what is kept, by %s', async name => {
    const path = await weights()
    hub.requests.length = 0
    vi.stubEnv(name, 'on')
    expect(await weights()).toBe(path)
    const files = await open()
    expect(await files.has('model.safetensors')).toBe(true)
    expect(await files.has('preprocessor_config.json')).toBe(false)
    expect(await refusal(files.path('config.json'))).toBe(
      'hf:owner/net: no network may be used, and config.json has not been downloaded: ' +
        'leave out HF_HUB_OFFLINE (TRANSFORMERS_OFFLINE, or hub.offline in code) once'
    )
    expect(await refusal(open('hf:owner/other'))).toContain('it has not been downloaded')
    expect(hub.requests).toEqual([])
  })

  it('takes the commit that a branch was before, and says so', async () => {
    const path = await weights()
    hub.fault = status(500)
    const onNote = vi.fn()
    const files = await open(ADDRESS, { retries: 0 }, onNote)
    expect(await files.path('model.safetensors')).toBe(path)
    expect(onNote).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/status 500; commit c0ffee000000 is taken, which main was before/)
    )
    expect(await refusal(open('hf:owner/other', { retries: 0 }))).toContain('status 500')
  })
})
