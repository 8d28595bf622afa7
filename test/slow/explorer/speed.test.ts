// The explorer's performance: download size, time to interactive, and long tasks. Skipped without Chromium.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { longestTask } from '../../support/main-thread.js'
import {
  hasBrowser,
  keptOffline,
  serveExplorer,
  startExplorer,
  type Explorer
} from '../../support/explorer-page.js'

/** JavaScript before the runtime, gzipped. */
const MOST_BYTES = 200_000
const MOST_MS_UNTIL_INTERACTIVE = 1000
const LONGEST_TASK_MS = 100
/** The number of measurements; the best one counts, because other processes only slow the page down. */
const ATTEMPTS = 3

const built = fileURLToPath(new URL('../../../dist/explorer/assets/', import.meta.url))

describe.skipIf(!hasBrowser)('the page', () => {
  let explorer: Explorer
  beforeAll(async () => {
    explorer = await startExplorer()
  })
  afterAll(() => explorer.close())

  it('downloads little before the runtime', async () => {
    const { page } = await explorer.open()
    await page.locator('[data-id="layer1"]').waitFor()
    const fetched = new Set(
      await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
    )
    const scripts = (await readdir(built)).filter(name => name.endsWith('.js'))
    // The lab's worker is not among the page's resource timings, so it is added.
    const before = scripts.filter(
      name => name.startsWith('lab-worker') || [...fetched].some(url => url.endsWith(`/${name}`))
    )
    const sizes = await Promise.all(
      before.map(async name => gzipSync(await readFile(`${built}${name}`)).length)
    )
    expect(before.length).toBeGreaterThanOrEqual(2)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`JavaScript before the runtime: ${(total / 1000).toFixed(0)} KB gzipped`)
    expect(total).toBeLessThan(MOST_BYTES)
    await page.close()
  })

  it('is interactive within a second', async () => {
    const { page } = await explorer.open('#/run')
    await page.addInitScript(noteFirstMoments)
    const times: Moments[] = []
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await page.goto('about:blank')
      await page.goto(`${explorer.address}#/architecture`)
      await page.locator('[data-id="layer1"]').waitFor()
      times.push(await page.evaluate(() => Reflect.get(window, 'moments') as Moments))
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
    }
    const least = (of: keyof Moments): number => Math.min(...times.map(each => each[of]))
    console.log(
      `answers after ${least('answered').toFixed(0)} ms, has drawn after ${least('drawn').toFixed(0)} ms`
    )
    expect(least('answered')).toBeLessThan(MOST_MS_UNTIL_INTERACTIVE)
    await page.close()
  })

  it('has no long tasks, even for the largest network with all stages expanded', async () => {
    const { page } = await explorer.open('#/run')
    await page.goto('about:blank')
    const { own, wall } = await longestTask(page, async () => {
      const open = 'layer1,layer2,layer3,layer4,layer1.0,layer4.0'
      await page.goto(`${explorer.address}#/architecture?model=resnet152&open=${open}`)
      await page.locator('[data-id="layer4.0.conv1"]').waitFor()
      await page.getByRole('combobox', { name: 'Network' }).selectOption('cifar_resnet110')
      await page.locator('[data-id="layer3"]').click()
      await page.locator('[data-id="layer3.17"]').waitFor()
      await page.waitForTimeout(500)
    })
    console.log(`longest task of the main thread: ${own.toFixed(0)} ms (${wall.toFixed(0)} ms by the clock)`)
    expect(own).toBeLessThan(LONGEST_TASK_MS)
    await page.close()
  })

  it('draws other networks offline once loaded', { timeout: 120_000 }, async () => {
    const server = await serveExplorer()
    try {
      const { page, faults } = await explorer.openAt(server.address)
      await keptOffline(page)
      await server.stop()
      await page.goto(`${server.address}#/architecture?model=se_resnet50&open=layer1`)
      await page.reload()
      await page.locator('[data-id="layer1.2"]').waitFor()
      await page.getByRole('button', { name: 'Paste your own' }).click()
      await page.getByRole('button', { name: 'Draw it' }).click()
      await page.locator('[data-id="gate"]').waitFor()
      expect(faults).toEqual([])
      await page.close()
    } finally {
      await server.stop()
    }
  })
})

/** Milliseconds after the last of the page's own bytes arrived. */
interface Moments {
  /** A tab that was clicked as soon as it appeared is selected. */
  answered: number
  /** The network is drawn. */
  drawn: number
}

/** Runs in the page before any other script. */
function noteFirstMoments(): void {
  const moments: Partial<Moments> = {}
  Reflect.set(window, 'moments', moments)
  const sinceArrival = (): number => {
    const own = performance
      .getEntriesByType('resource')
      .filter(({ name }) => /index-[^/]*\.(js|css)$/.test(name)) as PerformanceResourceTiming[]
    return performance.now() - Math.max(...own.map(({ responseEnd }) => responseEnd))
  }
  new MutationObserver(() => {
    const tab = (name: string): HTMLElement | null => document.querySelector(`#tab-${name}`)
    if (moments.answered === undefined) {
      tab('run')?.click()
      if (tab('run')?.getAttribute('aria-selected') !== 'true') return
      moments.answered = sinceArrival()
      tab('architecture')?.click()
    }
    if (document.querySelector('[data-id="layer1"]')) moments.drawn ??= sinceArrival()
  }).observe(document, { childList: true, subtree: true, attributes: true })
}
