// The explorer as a reader has it: the built page, served by `resnet explore`, in a real browser.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { MAIN } from './run-cli.js'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether there is a browser to test with; CHROMIUM says where. */
export const hasBrowser = existsSync(CHROMIUM)

/** A page, and what went wrong in it so far. */
export interface OpenPage {
  readonly page: Page
  /** Errors of scripts, what they print, and requests that failed. */
  readonly faults: string[]
}

/** The explorer, served, and a browser to look at it. */
export interface Explorer {
  /** Where it is: `http://localhost:12345/`. */
  readonly address: string
  /** Opens the page at a fragment such as `#/run`, in a context of its own; it ends when the page is closed. */
  open(fragment?: string, options?: BrowserContextOptions): Promise<OpenPage>
  /** Ends the server alone: whoever looks at the page is offline from now on. */
  stopServing(): Promise<void>
  close(): Promise<void>
}

/**
 * Serves the explorer and starts a browser.
 * @param args more for the browser's command line.
 */
export async function startExplorer({ args = [] }: { args?: readonly string[] } = {}): Promise<Explorer> {
  const server = spawn(process.execPath, [MAIN, 'explore', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const address = await firstLine(server)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] })
  const stopServing = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill()
    await once(server, 'exit')
  }
  return {
    address,
    open: (fragment = '', options = {}) => openPage(browser, `${address}${fragment}`, options),
    stopServing,
    async close() {
      await browser.close()
      await stopServing()
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

/** What axe, which knows the rules for accessible pages, objects to: each rule with the elements that break it. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { readonly axe: Axe }).axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
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
