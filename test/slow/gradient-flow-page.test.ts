// The page of `resnet gradient-flow` in a browser: its charts are drawn, and its slider updates them. Skipped without
// Chromium.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildTwins,
  cifar_resnet20,
  compareGradientFlow,
  createLoader,
  digits,
  gradientFlowPage,
  sgd,
  toTensor
} from 'resnet-ts'
import { hasBrowser, launching } from '../support/chromium.js'

const [PHONE, DESK] = [400, 1200]

describe.skipIf(!hasBrowser)('the page', () => {
  let folder: string
  let browser: Browser
  let url: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-page-'))
    const twins = buildTwins('cifar_resnet20', cifar_resnet20, { seed: 0, inChannels: 1, zeroInit: true })
    const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
    const optimizer = sgd({ lr: 0.05, momentum: 0.9 })
    const comparison = await compareGradientFlow([twins], { train, steps: 6, every: 1, optimizer })
    await writeFile(join(folder, 'page.html'), await gradientFlowPage(comparison))
    url = pathToFileURL(join(folder, 'page.html')).href
    browser = await chromium.launch(launching())
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  async function open(width: number, colorScheme: 'light' | 'dark', faults: string[]): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    page.on('console', message => faults.push(message.text()))
    page.on('pageerror', error => faults.push(error.message))
    page.on('request', request => {
      if (request.url() !== url) faults.push(`asks for ${request.url()}`)
    })
    await page.goto(url)
    return page
  }

  /** The number of non-empty pixels of a chart. */
  const inkOf = (page: Page, figure: number): Promise<number> =>
    page
      .locator('figure canvas')
      .nth(figure)
      .evaluate(canvas => {
        const { width, height } = canvas as HTMLCanvasElement
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')
          ?.getImageData(0, 0, width, height) ?? { data: [] }
        return Array.from(data).filter((value, i) => i % 4 === 3 && value > 0).length
      })

  it.each([
    [DESK, 'light'],
    [PHONE, 'dark']
  ] as const)('draws every chart at %d pixels, %s, and moves them with the slider', async (width, scheme) => {
    const faults: string[] = []
    const page = await open(width, scheme, faults)
    const count = await page.locator('figure').count()
    expect(count).toBe(4)
    for (let i = 0; i < count; i++) expect(await inkOf(page, i)).toBeGreaterThan(1000)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)

    const gradient = page.locator('figure').filter({ has: page.locator('input') })
    const drawn = (): Promise<string> =>
      gradient.locator('canvas').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
    const before = await drawn()
    await gradient.locator('input').press('End')
    await expect.poll(drawn).not.toBe(before)
    expect(await gradient.locator('output').textContent()).toBe('step 6, epoch 1.1')

    await gradient.locator('.u-over').hover({ position: { x: 2, y: 50 } })
    expect(await gradient.locator('.u-legend').textContent()).toContain('conv1')
    expect(faults).toEqual([])
    await page.close()
  })
})
