// The pages in a browser: their scripts run under their Content-Security-Policy, and they make no requests. Skipped
// without Chromium.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cifar_resnet20, createLoader, digits, resnet18, resnet50, sgd, toTensor } from 'resnet-ts'
import {
  buildTwins,
  compareGradientFlow,
  explainPage,
  gradientFlowPage,
  type FlowComparison
} from 'resnet-ts/explain'
import { compareNetworks, comparisonHtml, diagramHtml } from 'resnet-ts/inspect'
import { htmlReport } from 'resnet-ts/train'
import { hasBrowser, launching } from '../support/chromium.js'

type Look = readonly [width: number, colorScheme: 'light' | 'dark']
const PHONE_DARK: Look = [400, 'dark']
const DESK_LIGHT: Look = [1200, 'light']
/** Text that would run or break the page's layout if it were not escaped. */
const HOSTILE = `</script></style><script>document.title = 'run'</script><img src=x onerror="document.title='run'">\u2028\u202e`

describe.skipIf(!hasBrowser)('a page', () => {
  let folder: string
  let browser: Browser
  let comparison: FlowComparison

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-page-'))
    browser = await chromium.launch(launching())
    const twins = buildTwins('cifar_resnet20', cifar_resnet20, { seed: 0, inChannels: 1, zeroInit: true })
    const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
    const optimizer = sgd({ lr: 0.05, momentum: 0.9 })
    comparison = await compareGradientFlow([twins], { train, steps: 6, every: 1, optimizer })
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  async function open(html: string, [width, colorScheme]: Look): Promise<{ page: Page; faults: string[] }> {
    const file = join(folder, 'page.html')
    const url = pathToFileURL(file).href
    const faults: string[] = []
    await writeFile(file, html)
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    page.on('console', message => faults.push(message.text()))
    page.on('pageerror', error => faults.push(error.message))
    page.on('request', request => {
      if (request.url() !== url && !request.url().startsWith('data:'))
        faults.push(`asks for ${request.url()}`)
    })
    await page.goto(url)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    return { page, faults }
  }

  /** The number of non-empty pixels of each chart. */
  const inkOf = (page: Page): Promise<number[]> =>
    page.locator('figure canvas').evaluateAll(canvases =>
      canvases.map(canvas => {
        const { width, height } = canvas as HTMLCanvasElement
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')
          ?.getImageData(0, 0, width, height) ?? { data: [] }
        return Array.from(data).filter((value, i) => i % 4 === 3 && value > 0).length
      })
    )

  it('draws its charts in a browser whose language is none', async () => {
    const page = await browser.newPage()
    await page.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'language', { configurable: true, get: () => 'C' })
    )
    const file = join(folder, 'language.html')
    await writeFile(file, await gradientFlowPage(comparison))
    await page.goto(pathToFileURL(file).href)
    const ink = await inkOf(page)
    expect(ink).toHaveLength(4)
    expect(Math.min(...ink)).toBeGreaterThan(1000)
    await page.close()
  })

  it.each([DESK_LIGHT, PHONE_DARK])(
    'of gradients draws every chart at %d pixels, %s, and moves them with the slider',
    async (...how) => {
      const { page, faults } = await open(await gradientFlowPage(comparison), how)
      const ink = await inkOf(page)
      expect(ink).toHaveLength(4)
      expect(Math.min(...ink)).toBeGreaterThan(1000)

      const gradient = page.locator('figure').filter({ has: page.locator('input') })
      const drawn = (): Promise<string> =>
        gradient.locator('canvas').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
      const before = await drawn()
      await gradient.locator('input').press('End')
      await expect.poll(drawn).not.toBe(before)
      expect(await gradient.locator('output').textContent()).toBe('step 6, epoch 1.1')

      await gradient.locator('.u-over').hover({ position: { x: 2, y: 50 } })
      expect(await gradient.locator('.u-legend').textContent()).toContain('conv1')
      const ratios = page
        .locator('figure')
        .filter({ has: page.locator('.pointed') })
        .first()
      const pointed = ratios.locator('.pointed')
      const hint = await pointed.textContent()
      // Moves down the axis until a line is near.
      for (let y = 5; y < 200 && (await pointed.textContent()) === hint; y += 10) {
        await ratios.locator('.u-over').hover({ position: { x: 2, y } })
      }
      expect(await pointed.textContent()).toMatch(/^layer\d\.\d, steps made 0: \d/)
      expect(faults).toEqual([])
      await page.close()
    }
  )

  it.each([DESK_LIGHT, PHONE_DARK])('of a run draws its curves at %d pixels, %s', async (...how) => {
    const epochs = [1, 2, 3].map(epoch => ({
      epoch,
      step: 10 * epoch,
      learningRate: 0.1 / epoch,
      train: { loss: 10 ** -epoch, accuracy: 1 - 0.5 ** epoch },
      validation: { loss: epoch === 2 ? NaN : 1 / epoch, accuracy: 1 - 0.6 ** epoch },
      seconds: 2,
      imagesPerSecond: 100
    }))
    const report = { title: 'run', settings: {}, epochs, stepLosses: [2, 1.5, 1] }
    const { page, faults } = await open(htmlReport(report), how)
    const ink = await inkOf(page)
    expect(ink).toHaveLength(4)
    expect(Math.min(...ink)).toBeGreaterThan(1000)
    const loss = page.locator('figure').first()
    await loss.locator('.u-over').hover({ position: { x: 1, y: 50 } })
    expect(await loss.locator('.u-legend').textContent()).toMatch(/epoch.*1.*training.*0\.1.*validation.*1/)
    expect(faults).toEqual([])
    await page.close()
  })

  it.each([DESK_LIGHT, PHONE_DARK])(
    'of a diagram zooms and tells about a box at %d pixels, %s',
    async (...how) => {
      const { page, faults } = await open(diagramHtml(resnet18()), how)
      const widthOf = (): Promise<number> =>
        page.locator('main svg').evaluate(svg => svg.getBoundingClientRect().width)
      const whole = await widthOf()
      await page.getByRole('button', { name: 'Fit' }).click()
      expect(await widthOf()).toBeLessThan(whole)
      await page.getByRole('button', { name: '100 %' }).click()
      expect(await widthOf()).toBeCloseTo(whole, 0)
      await page.locator('.box').nth(1).focus()
      expect(await page.locator('aside').innerText()).toMatch(/^conv1 \(Conv2d\)\noutput 64 × 112 × 112\n/)
      await page.keyboard.press('Escape')
      expect(await page.locator('aside').isVisible()).toBe(false)
      expect(faults).toEqual([])
      await page.close()
    }
  )

  it('of an explanation fades the heat', async () => {
    const pixel = { create: { width: 8, height: 8, channels: 3, background: '#f00' } } as const
    const png = new Uint8Array(await sharp(pixel).png().toBuffer())
    const heat = { png, alpha: 0.4, colours: 'viridis' } as const
    const html = explainPage({ title: 'x', reading: 'y', picture: png, heat, classes: [], facts: {} })
    const { page, faults } = await open(html, DESK_LIGHT)
    const opacity = (): Promise<string> =>
      page.locator('#heat').evaluate(image => getComputedStyle(image).opacity)
    expect(await opacity()).toBe('0.4')
    await page.locator('#opacity').press('End')
    expect(await opacity()).toBe('1')
    expect(faults).toEqual([])
    await page.close()
  })

  it('of a comparison fits a phone screen', async () => {
    const costs = await compareNetworks(resnet18(), resnet50(), { runs: 0 })
    const { page, faults } = await open(comparisonHtml(costs), PHONE_DARK)
    expect(await page.locator('table').innerText()).toContain('11,689,512')
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['report', 'flow', 'explanation', 'comparison', 'diagram'] as const)(
    'shows hostile texts as they are: %s',
    async kind => {
      const facts = { [HOSTILE]: HOSTILE }
      const pages = {
        report: () =>
          htmlReport({
            title: HOSTILE,
            command: HOSTILE,
            settings: facts,
            epochs: [],
            classes: [HOSTILE, 'cat'],
            confusion: [
              [1, 1],
              [0, 1]
            ],
            stepLosses: [1, 2]
          }),
        flow: () => {
          const twins = comparison.twins.map(({ plain, residual }) => ({
            name: HOSTILE,
            plain,
            residual: { ...residual, blocks: residual.blocks.map(() => HOSTILE) }
          }))
          return gradientFlowPage(
            { ...comparison, twins },
            { title: HOSTILE, command: HOSTILE, settings: facts }
          )
        },
        explanation: () =>
          explainPage({
            title: HOSTILE,
            reading: HOSTILE,
            classes: [{ label: HOSTILE, score: 1, isChosen: true }],
            facts
          }),
        comparison: async () => {
          const names = [HOSTILE, HOSTILE] as const
          return comparisonHtml(await compareNetworks(resnet18(), resnet18(), { runs: 0, names }))
        },
        diagram: () => diagramHtml(resnet18(), { name: HOSTILE })
      }
      const { page, faults } = await open(await pages[kind](), PHONE_DARK)
      expect(await page.locator('h1').textContent()).toContain(HOSTILE)
      expect(await page.locator('[onerror]').count()).toBe(0)
      expect(await page.title()).not.toBe('run')
      expect(faults).toEqual([])
      await page.close()
    }
  )
})
