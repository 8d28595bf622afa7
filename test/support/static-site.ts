// Serves a folder and opens its page in Chromium.
import { chromium, type Page } from 'playwright-core'
import { launching } from './chromium.js'
import { startStaticServer } from './static-server.js'

/** The record of a page. */
export interface Visit {
  /** The lines of the page's element `out`. */
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
  /** The URLs that the page and its workers requested. */
  readonly requests: readonly string[]
}

/** A served folder. */
export interface StaticSite {
  readonly address: string
  /** Opens a page, which is closed with the site. */
  open(path?: string): Promise<Page>
  /** Opens a page, and closes it once it has written `done`. */
  visit(path?: string): Promise<Visit>
  close(): Promise<void>
}

/** @param isolated whether to send the headers for cross-origin isolation, which threads need. */
export async function serveFolder(
  folder: string,
  { isolated, args = [] }: { readonly isolated: boolean; readonly args?: readonly string[] }
): Promise<StaticSite> {
  const server = await startStaticServer(folder, isolated)
  const { address } = server
  const browser = await chromium.launch(launching(args))
  const hrefOf = (path = ''): string => new URL(path, address).href
  return {
    address,
    async open(path) {
      const page = await browser.newPage()
      await page.goto(hrefOf(path))
      return page
    },
    visit: async path => visit(await browser.newPage(), hrefOf(path)),
    async close() {
      await browser.close()
      await server.stop()
    }
  }
}

async function visit(page: Page, url: string): Promise<Visit> {
  const [warnings, requests]: [string[], string[]] = [[], []]
  page.on('console', message => {
    // Chromium's warning on a machine without a GPU.
    const isOwn = message.text() !== 'No available adapters.'
    if (message.type() === 'warning' && isOwn) warnings.push(message.text())
  })
  // Events of the context, which include the workers' requests.
  page.context().on('request', request => requests.push(request.url()))
  await page.goto(url)
  const out = page.locator('#out')
  await out.filter({ hasText: /done\s*$/ }).waitFor({ timeout: 60_000 })
  const lines = (await out.innerText()).trim().split('\n').slice(0, -1)
  await page.close()
  return { lines, warnings, requests }
}
