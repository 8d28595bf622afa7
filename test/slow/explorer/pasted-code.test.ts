// Code that is pasted into the explorer reaches nothing: no server, and nothing that the page keeps. Skipped without Chromium.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leakingCode, startAttacker, WAYS_OUT, type Attacker } from '../../support/attacker.js'
import {
  hasBrowser,
  keptOffline,
  servePlainly,
  startExplorer,
  type Explorer
} from '../../support/explorer-page.js'

/** What code in a worker can do with what its origin keeps; each says so, or throws. */
const REACHES: Readonly<Record<string, string>> = {
  caches: '(await caches.keys()).join()',
  indexedDB: `await new Promise((done, fail) => {
    const open = indexedDB.open('kept')
    open.onsuccess = () => done('opened')
    open.onerror = () => fail(open.error)
  })`,
  files: "(await navigator.storage.getDirectory()).name + 'opened'",
  locks: 'JSON.stringify(await navigator.locks.query())',
  page: '(await fetch(location.origin === "null" ? PAGE : location.origin)).status',
  script: 'Object.keys(await import(PAGE + "service-worker.js"))',
  workers: 'String(navigator.serviceWorker.controller)',
  cookies: 'String(await cookieStore.getAll())',
  opener: 'String(parent ?? opener)',
  document: 'document.title',
  image: 'new Image().src = PAGE',
  peers: 'String(new RTCPeerConnection())',
  eval: 'String((0, eval)("1 + 1"))',
  origin: 'self.origin'
}

const paste = async (page: Page, code: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'The code' }).fill(code)
  await page.getByRole('button', { name: 'Draw it' }).click()
}
const openDialog = (page: Page): Promise<void> => page.getByRole('button', { name: 'Paste your own' }).click()

describe.skipIf(!hasBrowser)('pasted code', () => {
  let explorer: Explorer
  let attacker: Attacker
  beforeAll(async () => {
    explorer = await startExplorer()
    attacker = await startAttacker()
  })
  afterAll(async () => {
    await explorer.close()
    await attacker.stop()
  })

  it('could reach a server in every one of these ways in a page without a policy', async () => {
    const open = await startAttacker()
    const worker = `${leakingCode(open.address)}\npostMessage(0)`
    const server = createServer((request, response) => {
      response.setHeader('Content-Type', request.url === '/worker' ? 'text/javascript' : 'text/html')
      response.end(
        request.url === '/worker'
          ? worker
          : "<!doctype html><script>new Worker('/worker', { type: 'module' }).onmessage = () => document.title = 'done'</script>"
      )
    })
    await once(server.listen(0, 'localhost'), 'listening')
    const { page } = await explorer.openAt(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction(() => document.title === 'done')
    expect(new Set(open.asked)).toEqual(new Set(Object.keys(WAYS_OUT).map(way => `/${way}`)))
    await page.close()
    server.close()
    await open.stop()
  })

  it.each([
    ['from the server', false],
    ['from a web server that sends no headers', true]
  ])('reaches no other server, %s', async (_where, isPlain) => {
    const server = isPlain ? await servePlainly() : undefined
    const { page } = await explorer.openAt(server?.address ?? explorer.address)
    await openDialog(page)
    await paste(page, `${leakingCode(attacker.address)}\nthrow new Error('tried ' + ended.sort())`)
    const all = `tried ${Object.keys(WAYS_OUT).sort().join()}`
    await expect.poll(() => page.getByRole('alert').textContent(), { timeout: 15_000 }).toBe(all)
    expect(attacker.asked).toEqual([])
    expect(attacker.connections()).toBe(0)
    await page.close()
    await server?.stop()
  })

  it('reaches nothing that the page keeps', async () => {
    const { page } = await explorer.open()
    await keptOffline(page)
    const heard = page.evaluate(() => {
      const channel = new BroadcastChannel('kept')
      return new Promise<string>(resolve => {
        channel.onmessage = ({ data }) => resolve(String(data))
        setTimeout(() => resolve('nothing'), 8000)
      })
    })
    await openDialog(page)
    const tries = Object.entries(REACHES).map(
      ([name, reach]) => `try { reached.push('${name}: ' + (${reach})) } catch {}`
    )
    const code = `const PAGE = ${JSON.stringify(explorer.address)}, reached = []
      new BroadcastChannel('kept').postMessage('heard')
      ${tries.join('\n')}
      throw new Error(reached.join('; '))`
    await paste(page, code)
    await expect.poll(() => page.getByRole('alert').textContent(), { timeout: 15_000 }).toBe('origin: null')
    expect(await heard).toBe('nothing')
    // The page itself has all of it.
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1)
    await page.close()
  })

  it.each([
    [
      'an outline that cannot be drawn',
      'outline:{"root":{}}',
      'outline.root.id: expected text of at most 1024 characters, got undefined'
    ],
    ['something else', '{"outline":{}}', 'The worker failed: its answer is none.']
  ])('is not believed when it answers %s itself', async (_, answer, sentence) => {
    const { page, faults } = await explorer.open()
    await openDialog(page)
    await paste(page, `postMessage(${JSON.stringify(answer)}); await new Promise(() => {})`)
    await expect.poll(() => page.getByRole('alert').textContent(), { timeout: 15_000 }).toBe(sentence)
    expect(faults).toEqual([])
    await page.close()
  })

  it('ends with its frame', async () => {
    const { page, faults } = await explorer.open()
    await openDialog(page)
    await paste(page, 'setInterval(() => {}, 10); throw new Error("mine")')
    await expect.poll(() => page.getByRole('alert').textContent(), { timeout: 15_000 }).toBe('mine')
    expect(await page.locator('iframe').count()).toBe(0)
    expect(faults).toEqual([])
    await page.close()
  })
})
