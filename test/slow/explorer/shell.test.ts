// The explorer's shell: tabs, URL, languages, colour schemes, offline use. Skipped without Chromium.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  axeViolations,
  hasBrowser,
  keptOffline,
  serveExplorer,
  startExplorer,
  type Explorer
} from '../../support/explorer-page.js'

describe.skipIf(!hasBrowser)('the page', () => {
  let explorer: Explorer
  beforeAll(async () => {
    explorer = await startExplorer()
  })
  afterAll(() => explorer.close())

  it('switches parts by click, keyboard and URL', async () => {
    const { page, faults } = await explorer.open()
    const selected = page.getByRole('tab', { selected: true })
    expect(await selected.textContent()).toBe('Architecture')
    await page.getByRole('tab', { name: 'Run' }).click()
    await expect.poll(() => page.url()).toMatch(/#\/run$/)
    await page.keyboard.press('ArrowRight')
    expect(await selected.textContent()).toBe('Train')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Train')
    await page.goBack()
    await expect.poll(() => selected.textContent()).toBe('Run')
    await page.goto(`${explorer.address}#/train`)
    await expect.poll(() => selected.textContent()).toBe('Train')
    expect(faults).toEqual([])
    await page.close()
  })

  it('is in English or Chinese, with the language in the URL', async () => {
    const { page, faults } = await explorer.open('', { locale: 'zh-CN' })
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('结构')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans')
    await page.getByRole('button', { name: 'English' }).click()
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
    await expect.poll(() => page.url()).toContain('lang=en')
    await page.reload()
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
    expect(faults).toEqual([])
    await page.close()
  })

  it("is light or dark by the system's setting or by choice", async () => {
    const { page, faults } = await explorer.open('', { colorScheme: 'dark' })
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await ground()).toBe('rgb(20, 23, 27)')
    await page.getByRole('button', { name: 'Light' }).click()
    expect(await ground()).toBe('rgb(251, 250, 248)')
    await expect.poll(() => page.url()).toContain('theme=light')
    expect(faults).toEqual([])
    await page.close()
  })

  it('reports an invalid part of a URL, and ignores it', async () => {
    const { page, faults } = await explorer.open('#/kitchen?theme=mauve&flavour=lime')
    const notices = page.getByRole('status', { name: 'Notices' })
    await expect.poll(() => notices.textContent()).toContain('flavour=lime')
    expect(await notices.textContent()).toContain('theme=mauve')
    expect(await notices.textContent()).toContain('“kitchen”')
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
    for (let left = 3; left > 0; left--) await notices.getByRole('button').first().press('Enter')
    expect(await notices.textContent()).toBe('')
    // The focus is not lost with the last notice.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['architecture', 'run', 'train'])('has no accessibility violations by axe in %s', async part => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await explorer.open(`#/${part}`, { colorScheme })
      await page.getByRole('tabpanel').waitFor()
      if (part === 'architecture') await page.locator('[data-id="layer1"]').waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    }
  })

  it('has none before the drawing has its place', async () => {
    const { page } = await explorer.open('#/run')
    await page.addInitScript(() => {
      window.ResizeObserver = class {
        observe(): void {}
        unobserve(): void {}
        disconnect(): void {}
      }
    })
    await page.goto('about:blank')
    await page.goto(`${explorer.address}#/architecture`)
    await page.locator('[data-id="layer1"]').waitFor({ state: 'attached' })
    expect(await axeViolations(page)).toEqual([])
    await page.close()
  })

  it('has the headers for shared memory, and works offline once loaded', { timeout: 120_000 }, async () => {
    const server = await serveExplorer()
    try {
      const { page, faults } = await explorer.openAt(server.address)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      await keptOffline(page)
      await server.stop()
      await page.reload()
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      expect(faults).toEqual([])
      await page.close()
    } finally {
      await server.stop()
    }
  })
})
