import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchWeights } from './download.js'
import { WeightsError } from './bytes.js'
import { readWeights } from './read-weights.js'

const content = randomBytes(300_000)
const sha256 = createHash('sha256').update(content).digest('hex')

let folder: string
let server: Server | undefined
let requests: number

/** Starts a server and returns the URL of a file; each request goes to the next listener, then to the last one. */
async function serve(...listeners: RequestListener[]): Promise<string> {
  const started = createServer((request, response) => {
    listeners[Math.min(requests++, listeners.length - 1)](request, response)
  })
  server = started
  await new Promise<void>(resolve => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/models/net-${sha256.slice(0, 8)}.pth?x=1`
}

const good: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': content.length }).end(content)
}
const status =
  (code: number): RequestListener =>
  (_, response) =>
    response.writeHead(code).end('no')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-cache-'))
  requests = 0
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await rm(folder, { recursive: true })
})

describe('fetchWeights', () => {
  it('asks at no address with a password, and shows none', async () => {
    const url = (await serve(good)).replace('//', '//who:s3cret@')
    const asking = fetchWeights(url, { cacheFolder: folder })
    await expect(asking).rejects.toThrow(/^http:..…@127.*: no request is made to an address with a name/)
    await expect(readWeights(url)).rejects.toThrow(/^http:..…@127.*: no request is made to an address with a/)
    expect(requests).toBe(0)
  })

  it('downloads once, reports progress, and caches the file under its name', async () => {
    const url = await serve(good)
    const onProgress = vi.fn()
    const path = await fetchWeights(url, {
      cacheFolder: folder,
      sha256Prefix: sha256.slice(0, 8),
      onProgress
    })
    expect(path).toBe(join(folder, `net-${sha256.slice(0, 8)}.pth`))
    expect(content.equals(await readFile(path))).toBe(true)
    expect(onProgress).toHaveBeenLastCalledWith(content.length, content.length)
    expect(await fetchWeights(url, { cacheFolder: folder, sha256Prefix: sha256.slice(0, 8) })).toBe(path)
    expect(requests).toBe(1)
  })

  it.each([
    ['with the hash that is asked for', sha256.slice(0, 8)],
    ['without one, by the hash that was noted', '']
  ])('fetches a cached file again that has changed, %s', async (_, sha256Prefix) => {
    const url = await serve(good)
    const path = await fetchWeights(url, { cacheFolder: folder, sha256Prefix })
    for (const damage of [content.subarray(0, 1000), Buffer.alloc(content.length), Buffer.alloc(0)]) {
      await writeFile(path, damage)
      expect(await fetchWeights(url, { cacheFolder: folder, sha256Prefix })).toBe(path)
      expect(content.equals(await readFile(path))).toBe(true)
    }
    expect(requests).toBe(4)
    await fetchWeights(url, { cacheFolder: folder, sha256Prefix })
    expect(requests).toBe(4)
  })

  it.each<[string, (note: string) => Promise<unknown>]>([
    ['is gone', note => rm(note)],
    ['is empty', note => writeFile(note, '')],
    ['is cut short', async note => writeFile(note, (await readFile(note, 'utf8')).slice(0, 1))],
    ['is long', note => writeFile(note, sha256.repeat(100))],
    ['is a pipe', note => rm(note).then(() => promisify(execFile)('mkfifo', [note]))]
  ])('fetches a cached file again whose note %s, unless its hash is asked for', async (_, spoil) => {
    const url = await serve(good)
    for (const sha256Prefix of ['', sha256.slice(0, 8)]) {
      requests = 0
      const path = await fetchWeights(url, { cacheFolder: folder, sha256Prefix })
      await spoil(`${path}.sha256`)
      // Another state of the file, which this process has not checked.
      const later = new Date(Date.now() + 5000)
      await utimes(path, later, later)
      expect(await fetchWeights(url, { cacheFolder: folder, sha256Prefix })).toBe(path)
      expect(requests).toBe(sha256Prefix === '' ? 2 : 1)
    }
  })

  it.each<[string, RequestListener, string]>([
    ['a part', (_, response) => void response.writeHead(206).end(content), 'answers with status 206'],
    ['no content', (_, response) => void response.writeHead(204).end(), 'answers with status 204'],
    ['an empty file', (_, response) => void response.writeHead(200).end(), 'answers with an empty file'],
    ['more than is allowed', good, 'has more than the 299999 bytes that are allowed'],
    [
      'more than is allowed, unannounced',
      (_, response) => void response.writeHead(200).end(content),
      'has more than the 299999 bytes that are allowed'
    ],
    [
      'redirects without end',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      'redirect count exceeded'
    ]
  ])('keeps nothing of %s, and does not ask again', async (_, listener, fault) => {
    const url = await serve(listener)
    const fetching = fetchWeights(url, { cacheFolder: folder, maxBytes: content.length - 1 })
    await expect(fetching).rejects.toThrow(fault)
    expect(await readdir(folder)).toEqual([])
    expect(requests).toBeLessThanOrEqual(21)
  })

  it('removes what killed downloads have left, but not what is under way', async () => {
    const url = await serve(good)
    const [left, fresh] = [1, 2].map(digit => join(folder, `.${String(digit).repeat(36)}.tmp`))
    await Promise.all([left, fresh].map(file => writeFile(file, 'half')))
    const before = new Date(Date.now() - 2 * 60 * 60 * 1000)
    await utimes(left, before, before)
    await fetchWeights(url, { cacheFolder: folder })
    expect((await readdir(folder)).filter(name => name.endsWith('.tmp'))).toEqual([basename(fresh)])
  })

  it('shares one download between callers', async () => {
    const url = await serve(good)
    const paths = await Promise.all(
      Array.from({ length: 5 }, () => fetchWeights(url, { cacheFolder: folder }))
    )
    expect(new Set(paths).size).toBe(1)
    expect(requests).toBe(1)
  })

  it('refuses a file with another hash, and caches nothing', async () => {
    const url = await serve(good)
    const fetching = fetchWeights(url, { cacheFolder: folder, sha256Prefix: '00000000' })
    await expect(fetching).rejects.toThrow(
      `${url}: its SHA-256 begins with ${sha256.slice(0, 8)}, expected 00000000`
    )
    expect(await readdir(folder)).toEqual([])
    expect(requests).toBe(1)
  })

  it('does not retry a missing file', async () => {
    const url = await serve(status(404))
    await expect(fetchWeights(url, { cacheFolder: folder })).rejects.toThrow(
      'the server answers with status 404'
    )
    expect(requests).toBe(1)
  })

  it('does not cache a web page, or retry it', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
    })
    const fetching = fetchWeights(url, { cacheFolder: folder })
    await expect(fetching).rejects.toThrow('the server answers with a web page; is there such a file?')
    expect(await readdir(folder)).toEqual([])
    expect(requests).toBe(1)
  })

  it('retries after a server error, a broken connection and a truncated response', async () => {
    const url = await serve(
      status(503),
      (_, response) => response.destroy(),
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length })
        response.write(content.subarray(0, 1000), () => response.destroy())
      },
      good
    )
    const path = await fetchWeights(url, { cacheFolder: folder })
    expect(content.equals(await readFile(path))).toBe(true)
    expect(requests).toBe(4)
    expect((await readdir(folder)).filter(name => !name.endsWith('.sha256'))).toHaveLength(1)
  })

  it('throws after the last attempt, and a later call may succeed', async () => {
    const url = await serve(status(500), status(500), good)
    const options = { cacheFolder: folder, retries: 1 }
    await expect(fetchWeights(url, options)).rejects.toThrow(WeightsError)
    expect(requests).toBe(2)
    await expect(fetchWeights(url, options)).resolves.toContain(folder)
  })

  it('times out on a silent server', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 1000))
    })
    const fetching = fetchWeights(url, { cacheFolder: folder, timeoutMs: 100, retries: 0 })
    await expect(fetching).rejects.toThrow('the server was silent for 100 ms')
    expect(await readdir(folder)).toEqual([])
  })

  it('reports an invalid URL', async () => {
    await expect(fetchWeights('resnet18', { cacheFolder: folder })).rejects.toThrow(
      'resnet18: is not an http or https URL'
    )
    await expect(fetchWeights('file:///etc/hosts', { cacheFolder: folder })).rejects.toThrow(WeightsError)
    const nobody = fetchWeights('http://127.0.0.1:9/x.pth', { cacheFolder: folder, retries: 0 })
    await expect(nobody).rejects.toThrow('cannot be downloaded')
  })

  it('distinguishes files with the same name, and requests with a hash', async () => {
    const other = randomBytes(10)
    const url = await serve((request, response) => {
      response.end(request.url?.startsWith('/a/') === true ? content : other)
    })
    const fetch = async (path: string, sha256Prefix = ''): Promise<string> =>
      fetchWeights(new URL(path, url).href, { cacheFolder: folder, sha256Prefix })
    const paths = [
      await fetch('/a/b/x.pth'),
      await fetch('/b/x.pth'),
      await fetch('/b_x.pth'),
      await fetch('/x.pth?b')
    ]
    expect(new Set(paths).size).toBe(4)
    expect(content.equals(await readFile(paths[0]))).toBe(true)
    // A file cached or downloading without a hash does not serve a request with one.
    await expect(fetch('/b/x.pth', '00000000')).rejects.toThrow('expected 00000000')
    const [without, wrong] = await Promise.allSettled([fetch('/b/y.pth'), fetch('/b/y.pth', '00000000')])
    expect([without.status, wrong.status]).toEqual(['fulfilled', 'rejected'])
  })

  it('accepts a hash in capitals, and a URL longer than a file name', async () => {
    const url = await serve(good)
    const long = new URL(`/${'n'.repeat(300)}.pth?signature=${'s'.repeat(3000)}`, url).href
    const path = await fetchWeights(long, {
      cacheFolder: folder,
      sha256Prefix: sha256.slice(0, 10).toUpperCase()
    })
    expect(content.equals(await readFile(path))).toBe(true)
  })

  it('closes the connection if it cannot cache the file, or does not need the response', async () => {
    let closed = 0
    const endless: RequestListener = (_, response) => {
      const write = (): boolean => response.write(Buffer.alloc(65_536))
      response.on('drain', write).on('close', () => closed++)
      write()
    }
    const url = await serve(endless, (_, response) => {
      response.on('close', () => closed++).writeHead(404)
      response.write('not here')
    })
    const stop = new Error('stopped by the caller')
    const onProgress = (): never => {
      throw stop
    }
    await expect(fetchWeights(url, { cacheFolder: folder, onProgress })).rejects.toBe(stop)
    await vi.waitFor(() => expect(closed).toBe(1))
    await expect(fetchWeights(url, { cacheFolder: folder })).rejects.toThrow('status 404')
    await vi.waitFor(() => expect(closed).toBe(2))
    expect(requests).toBe(2)
    expect(await readdir(folder)).toEqual([])
  })

  it('names a cache that cannot be written', async () => {
    const url = await serve(good)
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(fetchWeights(url, { cacheFolder: file })).rejects.toThrow(file)
    vi.stubEnv('RESNET_TS_CACHE', file)
    await expect(fetchWeights(url)).rejects.toThrow(
      `${file}: already exists and is not a folder: downloads are kept here; RESNET_TS_CACHE names another folder`
    )
    vi.unstubAllEnvs()
  })

  it('never writes outside its folder', async () => {
    const url = await serve(good)
    const path = await fetchWeights(new URL('/a/..%2F..%2Fevil.pth', url).href, { cacheFolder: folder })
    expect(dirname(path)).toBe(folder)
  })
})
