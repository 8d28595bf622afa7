// Repositories of the Hugging Face Hub in a page, against a server of another origin that speaks its protocol.
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { commands } from 'vitest/browser'
import { classifier, readWeights } from 'resnet-ts'
import { openNetwork } from 'resnet-ts/models'
import { describeWeights, WeightsError } from 'resnet-ts/weights'
import type { HubFacts } from './hub-in-node.js'

const ADDRESS = 'hf:owner/net'
const API = 'hub GET /api/models/owner/net/revision/main'
let hub: HubFacts
let cacheFolder = ''

beforeEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name)
  hub = await commands.startHubInNode()
  cacheFolder = crypto.randomUUID()
})
afterAll(() => commands.stopHubInNode())

const options = (more: object = {}) => ({ hub: { endpoint: hub.endpoint, cacheFolder, retries: 0, ...more } })
const kept = async (): Promise<readonly Request[]> => (await caches.open('resnet-ts')).keys()
const refusal = async (asking: Promise<unknown>): Promise<string> => {
  const error: unknown = await asking.catch((caught: unknown) => caught)
  if (!(error instanceof WeightsError)) throw new Error('it was not refused', { cause: error })
  return error.message
}

describe('a repository in a page', () => {
  it('is downloaded once, kept in the cache storage, and opened without the network afterwards', async () => {
    const onNote = vi.fn()
    const opened = await openNetwork(ADDRESS, { ...options(), onNote })
    expect([opened.model, opened.classes, opened.shape]).toEqual([
      'cifar_resnet8',
      ['ant', 'bee', 'cat'],
      [3, 32, 32]
    ])
    expect(onNote.mock.calls.flat()).toEqual([`${ADDRESS}: model.safetensors of commit c0ffee000000`])
    const whole = Uint8Array.from(atob(hub.weights), letter => letter.charCodeAt(0))
    expect(opened.net.stateDict().get('fc.weight')?.data).toEqual(
      (await readWeights(whole)).get('fc.weight')?.data
    )
    const first = await commands.hubRequestsInNode()
    expect(first[0]).toBe(API)
    expect(first.filter(request => request.startsWith('cdn GET'))).toHaveLength(1)

    await using classify = await classifier(ADDRESS, options())
    const answers = await classify(new ImageData(40, 40), { topK: 3 })
    expect(answers.map(({ label }) => label).sort()).toEqual(['ant', 'bee', 'cat'])
    // Which commit it is now, and no file again.
    expect(await commands.hubRequestsInNode()).toEqual([API])
    const { container, metadata } = await describeWeights(ADDRESS, options())
    expect([container, metadata.architecture]).toEqual([
      `safetensors from hf:owner/net@${'c0ffee'.padEnd(40, '0')}`,
      'cifar_resnet8'
    ])

    await commands.hubRequestsInNode()
    expect((await openNetwork(ADDRESS, options({ offline: true }))).classes).toEqual(opened.classes)
    expect(await commands.hubRequestsInNode()).toEqual([])
    await commands.stopHubInNode()
    const later = await openNetwork(ADDRESS, { ...options(), onNote })
    expect(later.classes).toEqual(opened.classes)
    expect(onNote.mock.calls.flat().join('\n')).toMatch(/commit c0ffee000000 is taken, which main was before/)
    const empty = { ...options(), hub: { ...options().hub, cacheFolder: 'empty', offline: true } }
    expect(await refusal(openNetwork(ADDRESS, empty))).toContain('it has not been downloaded')
  })

  it.each([
    [
      'other',
      /has the hash [\da-f]{64}, but the hub says [\da-f]{64}: it is another file or was changed on its way/
    ],
    ['half', /model\.safetensors cannot be downloaded: \d+ of \d+ bytes arrived/],
    ['missing', /the repository has no file model\.safetensors/]
  ] as const)(
    'is not kept when what comes is wrong (%s), and comes whole the next time',
    async (how, sentence) => {
      await commands.spoilHubInNode(how)
      expect(await refusal(readWeights(ADDRESS, options()))).toMatch(sentence)
      const [kinds, left] = [await caches.keys(), await kept()]
      expect(
        left.filter(({ url }) => url.includes('blobs')),
        kinds.join()
      ).toEqual([])
      await commands.spoilHubInNode()
      expect((await readWeights(ADDRESS, options())).size).toBeGreaterThan(40)
    }
  )

  it('is fetched again when what is kept has changed', async () => {
    await readWeights(ADDRESS, options())
    await commands.hubRequestsInNode()
    const store = await caches.open('resnet-ts')
    const [key] = (await store.keys()).filter(({ url }) => url.includes('blobs'))
    await store.put(key, new Response(new Uint8Array(1000)))
    expect((await readWeights(ADDRESS, options())).size).toBeGreaterThan(40)
    expect(await commands.hubRequestsInNode()).toContain('cdn GET /signed/model.safetensors')
  })

  it('that is gated is asked for with the token, which the second server is not told', async () => {
    hub = await commands.startHubInNode('hf_secret')
    const message = await refusal(readWeights(ADDRESS, options()))
    expect(message).toContain(
      'has no such repository, or it is private (status 401): check the name, or give a token'
    )
    await commands.hubRequestsInNode()
    expect((await readWeights(ADDRESS, options({ token: 'hf_secret' }))).size).toBeGreaterThan(40)
    const requests = await commands.hubRequestsInNode()
    expect(requests[0]).toBe(`${API} Bearer hf_secret`)
    expect(requests.filter(request => request.startsWith('cdn'))).toEqual([
      'cdn GET /signed/model.safetensors'
    ])
  })

  it('that is not there is named', async () => {
    expect(await refusal(readWeights('hf:owner/none', options()))).toMatch(/has no such repository/)
    expect(await refusal(readWeights(`${ADDRESS}@${'1'.repeat(40)}/a.pth`, options()))).toMatch(
      /no such branch, tag or commit|no file/
    )
  })
})
