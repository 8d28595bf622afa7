// Downloading weights in a page: progress, the cache, and errors of the network.
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { cifar_resnet8, classifier, manualSeed, readWeights, ResNet18_Weights, type Module } from 'resnet-ts'
import { encodeWeights, fetchWeights, FileError, WeightsError } from 'resnet-ts/weights'
import { goldenAddress, served, sha256 } from './served.js'

/** What the server has seen during a test. */
interface Seen {
  readonly requests: number
  /** Unfinished responses. */
  readonly open: number
}

let id = ''
beforeEach(async () => {
  id = crypto.randomUUID()
  await caches.delete('resnet-ts')
})

const addressOf = (script: string, size = 1000): string =>
  `${location.origin}/faults/${script}/${id}/net.pth?size=${size}`
const seen = async (): Promise<Seen> => (await fetch(`/faults/seen/${id}`)).json() as Promise<Seen>

/** The number of cached files. */
async function kept(): Promise<number> {
  return (await (await caches.open('resnet-ts')).keys()).length
}

async function failure(fetching: Promise<unknown>): Promise<WeightsError> {
  const error: unknown = await fetching.catch((caught: unknown) => caught)
  if (!(error instanceof WeightsError)) throw new Error('it was not refused', { cause: error })
  return error
}

describe('fetchWeights', () => {
  it('downloads once with progress, caches the file, and reads it again without the network', async () => {
    const onProgress = vi.fn()
    const size = 5_000_000
    const path = await fetchWeights(addressOf('ok', size), { onProgress })
    expect(onProgress.mock.calls.length).toBeGreaterThan(1)
    expect(onProgress).toHaveBeenLastCalledWith(size, size)
    expect(await kept()).toBe(1)
    expect(await fetchWeights(addressOf('ok', size))).toBe(path)
    expect((await seen()).requests).toBe(1)
    // The cached file is what is read, and equals the server's.
    expect((await failure(readWeights(path))).message).toMatch(new RegExp(`^${path}: is neither`))
    const [stored] = await (await caches.open('resnet-ts')).matchAll()
    expect(await sha256(new Uint8Array(await stored.arrayBuffer()))).toBe(
      await sha256(await served(addressOf('ok', size)))
    )
  })

  it.each([true, false])(
    'fetches a cached file again that has changed, with a hash asked for: %s',
    async isAsked => {
      const sha256Prefix = isAsked ? (await sha256(await served(addressOf('ok')))).slice(0, 8) : ''
      const path = await fetchWeights(addressOf('ok'), { sha256Prefix })
      const store = await caches.open('resnet-ts')
      const [key] = await store.keys()
      await store.put(key, new Response(new Uint8Array(1000)))
      expect(await fetchWeights(addressOf('ok'), { sha256Prefix })).toBe(path)
      const stored = await (await store.match(key))?.arrayBuffer()
      expect(new Uint8Array(stored ?? []).slice(0, 4)).toEqual(Uint8Array.of(0, 31, 62, 93))
    }
  )

  it('fetches a cached file again of which no digest is known', async () => {
    const path = await fetchWeights(addressOf('ok'))
    await caches.delete('resnet-ts-digests')
    expect(await fetchWeights(addressOf('ok'))).toBe(path)
    expect((await seen()).requests).toBe(2)
  })

  it.each(['204', '206'])('keeps nothing of an answer of status %s', async status => {
    const { fault } = await failure(fetchWeights(addressOf(status)))
    expect(fault).toBe(`cannot be downloaded: the server answers with status ${status}`)
    expect(await kept()).toBe(0)
    expect((await seen()).requests).toBe(1)
  })

  it('resolves relative URLs against the page, and reads the cached file', async () => {
    const path = await fetchWeights(goldenAddress('weights/zip-network.pth'))
    const direct = await readWeights(goldenAddress('weights/zip-network.pth'))
    expect([...(await readWeights(path)).keys()]).toEqual([...direct.keys()])
    expect(await fetchWeights(new URL(goldenAddress('weights/zip-network.pth'), location.href))).toBe(path)
    expect(await kept()).toBe(1)
  })

  it('accepts a file with the expected hash, and refuses another without caching it', async () => {
    const sha256Prefix = (await sha256(await served(addressOf('ok', 70_000)))).slice(0, 10)
    await fetchWeights(addressOf('ok', 70_000), { sha256Prefix: sha256Prefix.toUpperCase() })
    expect(await kept()).toBe(1)
    const wrong = await failure(fetchWeights(addressOf('ok', 70_000), { sha256Prefix: '00000000' }))
    expect(wrong.fault).toBe(`its SHA-256 begins with ${sha256Prefix.slice(0, 8)}, expected 00000000`)
    expect(await kept()).toBe(1)
  })

  it('retries after a server error, a broken connection and a truncated response', async () => {
    await fetchWeights(addressOf('503.refuse.cut.ok', 200_000))
    expect(await seen()).toMatchObject({ requests: 4 })
    expect(await kept()).toBe(1)
  })

  it('asks once more, not more often, of an address that redirects without end', async () => {
    const { fault } = await failure(fetchWeights(addressOf('redirect')))
    expect(fault).toBe(
      'cannot be downloaded: the address redirects without end, or to where no file can be fetched'
    )
    // A request is given up after twenty redirects.
    expect((await seen()).requests).toBeLessThanOrEqual(2 * 22)
    expect(await kept()).toBe(0)
  })

  it('asks again where what an address redirects to has failed for a moment', async () => {
    await fetchWeights(addressOf('redirect.refuse.redirect.redirect.ok'))
    expect((await seen()).requests).toBe(5)
    expect(await kept()).toBe(1)
  })

  it('gives up with an error, and caches nothing', async () => {
    const once = { retries: 0 }
    const faults: [script: string, fault: RegExp][] = [
      ['404', /^cannot be downloaded: the server answers with status 404$/],
      ['500', /^cannot be downloaded: the server answers with status 500$/],
      ['page', /^cannot be downloaded: the server answers with a web page; is there such a file\?$/],
      ['refuse', /^cannot be downloaded: the connection failed$/],
      ['cut', /^cannot be downloaded: the connection failed$/]
    ]
    for (const [script, fault] of faults) {
      const error = await failure(fetchWeights(addressOf(script, 100_000), once))
      expect(error.path).toBe(addressOf(script, 100_000))
      expect(error.fault).toMatch(fault)
    }
    const silent = await failure(fetchWeights(addressOf('silent'), { ...once, timeoutMs: 200 }))
    expect(silent.fault).toBe('cannot be downloaded: the server was silent for 200 ms')
    const nobody = await failure(fetchWeights('http://127.0.0.1:9/net.pth', once))
    expect(nobody.fault).toMatch(
      /^cannot be downloaded: the connection to 127\.0\.0\.1:9 failed, or .*\(CORS\)$/
    )
    expect((await failure(fetchWeights('ftp://example.org/net.pth'))).fault).toBe(
      'is not an http or https URL'
    )
    expect(await kept()).toBe(0)
  })

  it('reports that the device is offline', async () => {
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    const fetching = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'))
    onTestFinished(() => {
      onLine.mockRestore()
      fetching.mockRestore()
    })
    const offline = await failure(fetchWeights(addressOf('ok'), { retries: 0 }))
    expect(offline.fault).toBe('cannot be downloaded: this device is offline')
  })

  it('closes the connection when the caller aborts', async () => {
    const stop = new Error('stopped by the caller')
    const onProgress = (): never => {
      throw stop
    }
    await expect(fetchWeights(addressOf('endless'), { onProgress })).rejects.toBe(stop)
    await vi.waitFor(async () => expect((await seen()).open).toBe(0))
    expect(await kept()).toBe(0)
  })

  it('streams a large file into the cache without holding all of it in memory', async () => {
    const size = 100_000_000
    const blob = vi.spyOn(Response.prototype, 'blob')
    const arrayBuffer = vi.spyOn(Response.prototype, 'arrayBuffer')
    const path = await fetchWeights(addressOf('ok', size), { onProgress: () => undefined })
    expect([blob.mock.calls.length, arrayBuffer.mock.calls.length]).toEqual([0, 0])
    const stored = await (await caches.open('resnet-ts')).match(`https://cache.invalid/${path.split(':')[1]}`)
    blob.mockRestore()
    expect((await stored?.blob())?.size).toBe(size)
  })

  it('creates no object URLs, which would leak', async () => {
    const made = vi.spyOn(URL, 'createObjectURL')
    onTestFinished(() => made.mockRestore())
    const path = await fetchWeights(goldenAddress('weights/zip-network.pth'))
    await readWeights(path)
    await readWeights(await fetchWeights(goldenAddress('weights/zip-network.pth')))
    expect(made).not.toHaveBeenCalled()
  })
})

describe('a page whose cache fails', () => {
  it('gets an error if the storage was cleared', async () => {
    const path = await fetchWeights(goldenAddress('weights/zip-network.pth'))
    await caches.delete('resnet-ts')
    expect((await failure(readWeights(path))).message).toBe(
      `${path}: is no longer there: the page's storage has been cleared`
    )
    expect(await readWeights(await fetchWeights(goldenAddress('weights/zip-network.pth')))).toBeInstanceOf(
      Map
    )
  })

  it('gets an error if the storage is full', async () => {
    const put = vi
      .spyOn(Cache.prototype, 'put')
      .mockRejectedValue(new DOMException('full', 'QuotaExceededError'))
    onTestFinished(() => put.mockRestore())
    const error: unknown = await fetchWeights(addressOf('ok', 100_000)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(FileError)
    expect((error as FileError).fault).toBe('does not fit into the storage that the browser gives this page')
    await vi.waitFor(async () => expect((await seen()).open).toBe(0))
  })

  it('keeps downloads in memory without cache storage, and warns once', async () => {
    const open = vi.spyOn(caches, 'open').mockRejectedValue(new DOMException('private', 'SecurityError'))
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    onTestFinished(() => {
      open.mockRestore()
      warn.mockRestore()
    })
    const path = await fetchWeights(goldenAddress('weights/legacy-views.pth'))
    const direct = await readWeights(goldenAddress('weights/legacy-views.pth'))
    expect([...(await readWeights(path)).keys()]).toEqual([...direct.keys()])
    await fetchWeights(addressOf('ok', 1000))
    await fetchWeights(addressOf('ok', 1000))
    expect((await seen()).requests).toBe(1)
    expect(warn.mock.calls).toEqual([
      [
        'Downloads are kept only until this page is closed, since it has no cache storage: ' +
          'serve it by https or from localhost'
      ]
    ])
  })
})

it('a classifier downloads published weights with progress, checks them, and loads them from the cache', async () => {
  manualSeed(0)
  const net = cifar_resnet8({ numClasses: 4 })
  const file = encodeWeights(net.stateDict(), { format: 'pth' })
  const weights = { ...ResNet18_Weights.IMAGENET1K_V1, transforms: { cropSize: 32, resizeSize: 36 } }
  const published = { ...weights, sha256Prefix: (await sha256(file)).slice(0, 8) }
  const fetching = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () => new Response(file, { headers: { 'content-length': `${file.length}` } }))
  onTestFinished(() => fetching.mockRestore())
  const build = (options?: { readonly numClasses?: number }): Module => cifar_resnet8(options)
  const onProgress = vi.fn()
  await using first = await classifier(build, { weights: published, onProgress, device: 'cpu' })
  expect(fetching.mock.calls[0][0]).toBe('https://download.pytorch.org/models/resnet18-f37072fd.pth')
  expect(onProgress).toHaveBeenLastCalledWith(file.length, file.length)
  await using second = await classifier(build, { weights: published, device: 'cpu' })
  await using third = await classifier(build, {
    weights: new File([file], 'x.pth'),
    device: 'cpu',
    transforms: published.transforms
  })
  expect(fetching).toHaveBeenCalledTimes(1)
  const image = {
    width: 40,
    height: 36,
    channels: 3,
    data: new Uint8Array(40 * 36 * 3).map((_, i) => i % 256)
  } as const
  const answers = await Promise.all([first(image), second(image), third(image)])
  expect(answers[0]).toHaveLength(4)
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  const other = { ...published, sha256Prefix: '12345678' }
  expect((await failure(classifier(build, { weights: other }))).fault).toMatch(/^its SHA-256 begins with/)
})
