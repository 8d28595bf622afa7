// The explorer's built page, served by `resnet explore`, in a real browser.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { launching } from './chromium.js'
import { MAIN, resnetOutput } from './run-cli.js'
import { startStaticServer } from './static-server.js'

export { hasBrowser } from './chromium.js'

/** A page, and its errors so far. */
export interface OpenPage {
  readonly page: Page
  /** Script errors, console messages, and failed requests. */
  readonly faults: string[]
}

/** The served explorer, and a browser. */
export interface Explorer {
  /** Its URL: `http://localhost:12345/`. */
  readonly address: string
  /** Opens the page at a fragment such as `#/run`, in a new context, which is closed with the page. */
  open(fragment?: string, options?: BrowserContextOptions): Promise<OpenPage>
  /** Opens a page of another server. */
  openAt(url: string, options?: BrowserContextOptions): Promise<OpenPage>
  close(): Promise<void>
}

/** The explorer's server. */
export interface ExplorerServer {
  readonly address: string
  /** The process of `resnet explore`, where there is one of its own. */
  readonly pid?: number | undefined
  stop(): Promise<void>
}

/** Serves the explorer on a free port. */
export async function serveExplorer(): Promise<ExplorerServer> {
  const server = spawn(process.execPath, [MAIN, 'explore', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  return {
    address: await firstLine(server),
    pid: server.pid,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    }
  }
}

/** Writes the explorer into a folder and serves it without the headers for shared memory. */
export async function servePlainly(): Promise<ExplorerServer> {
  const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-site-'))
  await resnetOutput('explore', '--out', folder)
  const server = await startStaticServer(folder, false)
  return {
    address: server.address,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true })
    }
  }
}

/** Options of the browser. */
export interface StartOptions {
  /** More command-line arguments. */
  readonly args?: readonly string[]
  /** The URL of another server, instead of serving the page. */
  readonly at?: string
}

/** Serves the explorer and starts a browser. */
export async function startExplorer({ args = [], at }: StartOptions = {}): Promise<Explorer> {
  const server = at === undefined ? await serveExplorer() : { address: at, stop: () => Promise.resolve() }
  const browser = await chromium.launch(launching(args)).catch(async (error: unknown) => {
    await server.stop()
    throw error
  })
  return {
    address: server.address,
    open: (fragment = '', options = {}) => openPage(browser, `${server.address}${fragment}`, options),
    openAt: (url, options = {}) => openPage(browser, url, options),
    async close() {
      await browser.close()
      await server.stop()
    }
  }
}

async function firstLine(server: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of server.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) return text.split('\n')[0]
  }
  throw new Error(`the server ended before it said where it is: ${text}`)
}

async function openPage(browser: Browser, url: string, options: BrowserContextOptions): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 860 },
    ...options
  })
  const page = await context.newPage()
  page.on('close', () => void context.close().catch(() => {}))
  const faults: string[] = []
  page.on('console', message => faults.push(message.text()))
  page.on('pageerror', error => faults.push(error.message))
  page.on('response', response => {
    if (response.status() >= 400) faults.push(`${response.url()} gives ${response.status()}`)
  })
  await page.goto(url)
  return { page, faults }
}

/** Waits until the service worker handles the page's requests, and the page works offline. */
export async function keptOffline(page: Page): Promise<void> {
  const isKept = (): Promise<boolean> =>
    page.evaluate(() => navigator.serviceWorker.controller?.state === 'activated')
  await expect.poll(isKept, { timeout: 60_000 }).toBe(true)
}

/** The accessibility violations that axe finds: each rule with the elements that violate it. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(untilQuiet)
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { readonly axe: Axe }).axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

/** Runs in the page: waits up to 3 s until the document stops changing, because axe would see intermediate states. */
function untilQuiet(): Promise<void> {
  const [quietMs, mostMs] = [300, 3000]
  return new Promise(resolve => {
    const settle = (): void => {
      observer.disconnect()
      clearTimeout(most)
      resolve()
    }
    let quiet = setTimeout(settle, quietMs)
    const most = setTimeout(settle, mostMs)
    const observer = new MutationObserver(() => {
      clearTimeout(quiet)
      quiet = setTimeout(settle, quietMs)
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  })
}

interface Axe {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string }[]
    }[]
  }>
}
