// `resnet explore`: what it serves and writes, and its errors.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  axeViolations,
  hasBrowser,
  keptOffline,
  serveExplorer,
  startExplorer
} from '../../support/explorer-page.js'
import { MAIN, resnet } from '../../support/run-cli.js'

describe('resnet explore', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-explore-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('serves the page with the headers for shared memory, and no files outside it', async () => {
    const server = await serveExplorer()
    try {
      const page = await fetch(server.address)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toMatch(/^text\/html/)
      expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
      const runtime = await fetch(new URL('runtime/ort-wasm-simd-threaded.wasm?v=1', server.address))
      expect(runtime.headers.get('content-type')).toBe('application/wasm')
      expect((await fetch(new URL('runtime/ort.js', server.address))).status).toBe(404)
      const script = /assets\/index-[^"]*\.js/.exec(await page.text())?.[0]
      const found = await fetch(new URL(script ?? 'missing', server.address))
      expect(found.headers.get('content-type')).toMatch(/javascript/)
      expect((await fetch(new URL('nowhere', server.address))).status).toBe(404)
      expect((await fetch(server.address, { method: 'POST' })).status).toBe(405)
      for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json']) {
        expect([path, await statusOf(server.address, path)]).toEqual([path, 404])
      }
    } finally {
      await server.stop()
    }
  })

  it.runIf(existsSync('/proc/self/fd'))(
    'closes its file when a download is aborted, 1,000 times',
    async () => {
      const server = await serveExplorer()
      try {
        const open = async (): Promise<number> => (await readdir(`/proc/${server.pid}/fd`)).length
        await fetch(server.address)
        const before = await open()
        for (let i = 0; i < 50; i++) {
          await Promise.all(Array.from({ length: 20 }, () => abortDownload(server.address)))
        }
        // Two for what is on its way between the kernel and the process.
        await expect.poll(open, { timeout: 10_000 }).toBeLessThanOrEqual(before + 2)
        expect((await fetch(server.address, { headers: { Range: 'bytes=5-2' } })).status).toBe(416)
        expect((await fetch(server.address)).status).toBe(200)
      } finally {
        await server.stop()
      }
    }
  )

  it('writes the page into a folder for any web server', async () => {
    const out = join(folder, 'deep/site')
    expect(await resnet('explore', '--out', out)).toMatchObject({
      code: 0,
      stdout: `${out}: the explorer, for any web server\n`
    })
    expect(await readdir(out)).toEqual(expect.arrayContaining(['index.html', 'assets', 'service-worker.js']))
    expect(await readdir(join(out, 'runtime'))).toHaveLength(2)
    // Writing twice is allowed.
    expect(await resnet('explore', '--out', out)).toMatchObject({ code: 0 })
  })

  it('reports in one sentence why it cannot serve or write', async () => {
    const taken = createServer().listen(0, 'localhost')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const cases: [string[], string][] = [
      [['--port', String(port)], `Port ${port} is in use: give another one with --port`],
      [['--port', '65536'], '--port 65536: expected at most 65535'],
      [['--host', 'no.such.host.invalid'], '--host no.such.host.invalid: there is no such host'],
      [['--out', '/proc/site'], '/proc/site: no folder can be made here'],
      [
        ['--port', 'many'],
        "error: option '--port <n>' argument 'many' is invalid. Expected a whole number of at least 0."
      ]
    ]
    for (const [args, sentence] of cases) {
      const { code, stdout, stderr } = await resnet('explore', ...args)
      expect([args, code, stdout, stderr]).toEqual([
        args,
        2,
        '',
        `resnet: ${sentence.replace('error: ', '')}\n`
      ])
    }
    taken.close()
  })

  it('exits at once on a signal', async () => {
    const server = spawn(process.execPath, [MAIN, 'explore', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe']
    })
    await once(server.stdout, 'data')
    server.kill('SIGINT')
    const [code, signal] = (await once(server, 'exit')) as [number | null, string | null]
    expect(code === 0 || signal === 'SIGINT').toBe(true)
  })
})

describe.skipIf(!hasBrowser)('the page on a server that sends no headers', () => {
  it('is cross-origin isolated from the second visit on, and draws', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-explore-'))
    await resnet('explore', '--out', folder)
    const types: Readonly<Record<string, string>> = {
      html: 'text/html',
      js: 'text/javascript',
      css: 'text/css'
    }
    const server = createServer((asked, response) => {
      const path = new URL(asked.url ?? '/', 'http://localhost').pathname.replace(/^\/deep\//, '')
      const name = path === '' ? 'index.html' : path
      void readFile(join(folder, name)).then(
        bytes => {
          response.setHeader(
            'Content-Type',
            types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
          )
          response.end(bytes)
        },
        () => {
          response.statusCode = 404
          response.end()
        }
      )
    }).listen(0, 'localhost')
    await once(server, 'listening')
    const address = `http://localhost:${(server.address() as AddressInfo).port}/deep/`
    const explorer = await startExplorer({ at: address })
    try {
      const { page, faults } = await explorer.open('#/architecture?open=layer1')
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
      await keptOffline(page)
      await page.reload()
      await page.locator('[data-id="layer1.0"]').waitFor()
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      expect(await axeViolations(page)).toEqual([])
      expect(faults).toEqual([])
    } finally {
      await explorer.close()
      server.close()
      await rm(folder, { recursive: true })
    }
  })
})

/** Asks for the largest file, and hangs up after its first bytes. */
async function abortDownload(address: string): Promise<void> {
  const socket = connect(Number(new URL(address).port), 'localhost')
  socket.write('GET /runtime/ort-wasm-simd-threaded.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data')
  socket.resetAndDestroy()
  await once(socket, 'close')
}

/** The status of a request whose path is sent without normalisation. */
async function statusOf(address: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(address)
  const asking = request({ hostname, port, path })
  asking.end()
  const [response] = (await once(asking, 'response')) as [{ statusCode?: number; resume: () => void }]
  response.resume()
  return response.statusCode
}
