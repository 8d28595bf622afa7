// The explorer's part "Architecture", operated by mouse, keyboard and touch. Skipped without Chromium.
import { resnet18, resnet50 } from 'resnet-ts'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations, hasBrowser, startExplorer, type Explorer } from '../../support/explorer-page.js'

const TINY = `import { Conv2d, Gated, Module, Residual, Sequential, Sigmoid } from 'resnet-ts'
export default class Tiny extends Module {
  block = new Residual(new Sequential(new Conv2d(3, 8, 3, { padding: 1 })))
  gate = new Gated(new Sequential(new Conv2d(8, 8, 1), new Sigmoid()))
  forward(x) { return this.gate(this.block(x)) }
}
export const inputShape = [1, 3, 16, 16]`

/** Each run of pasted code starts a frame and a worker. */
const PATIENCE = { timeout: 10_000 }

const tree = (page: Page): Locator => page.getByRole('tree').first()
const item = (page: Page, id: string): Locator => tree(page).locator(`[data-id="${id}"]`)
const arcs = (page: Page, nth = 0): Promise<number> =>
  page.getByRole('tree').nth(nth).locator('.ways .skip').count()
const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' })

describe.skipIf(!hasBrowser)('the part "Architecture"', () => {
  let explorer: Explorer
  beforeAll(async () => {
    explorer = await startExplorer()
  })
  afterAll(() => explorer.close())

  it('draws the selected model, and expands it to its layers', async () => {
    const { page, faults } = await explorer.open()
    await page.getByRole('combobox', { name: 'Network' }).selectOption('resnet50')
    await item(page, 'layer4').waitFor()
    await expect.poll(() => item(page, 'layer3').getAttribute('aria-label')).toContain('6 × Bottleneck')
    expect(await item(page, 'layer1').getAttribute('aria-expanded')).toBe('false')
    expect(await item(page, 'layer1.0').count()).toBe(0)
    await item(page, 'layer1').click()
    expect(await item(page, 'layer1').getAttribute('aria-expanded')).toBe('true')
    // An arc around each of the three blocks.
    expect(await arcs(page)).toBe(3)
    // The first shortcut is a projection, and labelled so.
    expect((await tree(page).locator('.ways text').allTextContents()).filter(text => text !== '')).toEqual([
      '1×1 conv, 256'
    ])
    await item(page, 'layer1.0').click()
    expect(await item(page, 'layer1.0.conv3').getAttribute('aria-label')).toBe(
      '1×1 conv, 256, 16.4 k, conv3, 256 × 56 × 56'
    )
    expect(await item(page, 'layer1.0.downsample').count()).toBe(1)
    await item(page, 'layer1').click({ position: { x: 20, y: 12 } })
    expect(await item(page, 'layer1.0').count()).toBe(0)
    expect(faults).toEqual([])
    await page.close()
  })

  it("describes a part, and highlights its line in the network's text", async () => {
    const { page, faults } = await explorer.open('#/architecture?open=layer2,layer2.0')
    await item(page, 'layer2.0.conv1').click()
    const said = panel(page)
    await expect.poll(() => said.getByRole('heading', { level: 2 }).textContent()).toBe('layer2.0.conv1')
    const text = await said.textContent()
    for (const each of [
      '64 channels become 128',
      '56 × 56 becomes 28 × 28',
      '73 728',
      '57 802 752',
      'downsample'
    ]) {
      expect(text).toContain(each)
    }
    const printed = said.locator('.printed pre')
    expect(await printed.textContent()).toBe(String(resnet18()))
    expect((await printed.locator('mark').textContent())?.trim()).toMatch(
      /^\(conv1\): Conv2d\(64, 128, .*stride=\(2, 2\)/
    )
    expect(await printed.locator('mark').isVisible()).toBe(true)
    expect(faults).toEqual([])
    await page.close()
  })

  it('animates the forward pass: data on the shortcut arrives at the sum with the rest', async () => {
    const { page, faults } = await explorer.open('#/architecture?open=layer1,layer1.0&at=maxpool')
    const bar = page.getByRole('toolbar', { name: 'Step through the network' })
    const title = panel(page).getByRole('heading', { level: 2 })
    const onShortcut = tree(page).locator('.travellers .skip:not([hidden])')
    const place = (dot: Locator): Promise<readonly [number, number]> =>
      dot.evaluate(circle => [Number(circle.getAttribute('cx')), Number(circle.getAttribute('cy'))] as const)
    await item(page, 'layer1.0').waitFor()
    const step = bar.getByRole('button', { name: 'Step', exact: true })
    await step.click()
    // Stepping begins at the selected part.
    await expect.poll(() => title.textContent()).toBe('layer1.0.conv1')
    await expect.poll(() => onShortcut.count()).toBe(1)
    await page.waitForTimeout(900)
    const [x, high] = await place(onShortcut)
    expect(x).toBeGreaterThan(20)
    for (let i = 0; i < 4; i++) await step.click()
    await expect.poll(() => title.textContent()).toBe('layer1.0.bn2')
    await page.waitForTimeout(900)
    expect((await place(onShortcut))[1]).toBeGreaterThan(high + 100)
    await step.click()
    await expect.poll(() => title.textContent()).toBe('layer1.0/add')
    expect(await panel(page).textContent()).toContain('F(x) and x are added')
    await page.waitForTimeout(900)
    // It has arrived at the side of the sign.
    expect((await place(onShortcut))[0]).toBeLessThan(20)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => title.textContent()).toBe('layer1.0.bn2')
    await bar.getByRole('button', { name: 'Play' }).click()
    await expect.poll(() => title.textContent(), { timeout: 10_000 }).toBe('layer1.1')
    await bar.getByRole('button', { name: 'Pause' }).click()
    await bar.getByRole('button', { name: 'Stop stepping' }).click()
    expect(await tree(page).locator('.travellers').count()).toBe(0)
    expect(faults).toEqual([])
    await page.close()
  })

  it('adds up the number of layers, and highlights the counted ones', async () => {
    const { page, faults } = await explorer.open('#/architecture?open=layer1,layer1.0')
    const count = page.getByRole('region', { name: 'Number of layers' })
    await expect.poll(() => count.textContent()).toContain('18 = 1 + 2·2·4 + 1')
    await count.getByRole('button').click()
    expect(await tree(page).locator('.badge').allTextContents()).toEqual(['1'])
    await expect.poll(() => tree(page).locator('.badge').count(), { timeout: 5000 }).toBeGreaterThan(1)
    await expect.poll(() => count.textContent(), { timeout: 15_000 }).toContain('=18layers')
    await expect.poll(() => count.textContent()).toContain('18 = 1 + 2·2·4 + 1')
    const badges = (id: string): Promise<string[]> => item(page, id).locator('.badge').allTextContents()
    expect(await badges('layer1')).toEqual(['4'])
    expect(await badges('layer1.0')).toEqual(['2'])
    expect(await badges('layer1.0.conv2')).toEqual(['1'])
    expect(await badges('layer1.0.bn2')).toEqual([])
    expect(await badges('layer4')).toEqual(['4'])
    expect(await badges('fc')).toEqual(['1'])
    expect(faults).toEqual([])
    await page.close()
  })

  it('shows the plain twin, and two networks side by side', async () => {
    const { page, faults } = await explorer.open('#/architecture?open=layer1,layer2')
    await expect.poll(() => arcs(page)).toBe(4)
    await page.getByRole('switch', { name: 'Shortcuts' }).click()
    await expect.poll(() => arcs(page)).toBe(0)
    await expect.poll(() => page.url()).toContain('shortcut=off')
    await page.getByRole('switch', { name: 'Shortcuts' }).click()
    await expect.poll(() => arcs(page)).toBe(4)

    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('plain')
    await expect.poll(() => page.getByRole('tree').count()).toBe(2)
    expect([await arcs(page), await arcs(page, 1)]).toEqual([4, 0])
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('resnet50')
    const table = page.getByRole('table', { name: 'Side by side' })
    await expect.poll(() => table.textContent()).toContain('resnet50')
    await expect.poll(() => arcs(page, 1)).toBe(7)
    const parameters = table.getByRole('row', { name: /^Parameters/ })
    expect(await parameters.getByRole('cell').allTextContents()).toEqual(['11.7 M', '25.6 M', '2.19 ×'])
    const layers = table.getByRole('row', { name: /^Layers/ })
    expect(await layers.getByRole('cell').allTextContents()).toEqual(['18', '50', '2.78 ×'])
    expect(faults).toEqual([])
    await page.close()
  })

  it('draws gates and their products', async () => {
    const { page, faults } = await explorer.open(
      '#/architecture?model=cifar_resnet20&open=layer1,layer1.0&skip=exclusive-gate'
    )
    await item(page, 'layer1.0/mul').waitFor()
    expect(await item(page, 'layer1.0/mul').getAttribute('class')).toContain('sign')
    await page.getByRole('combobox', { name: 'On the shortcut' }).selectOption('identity')
    await expect.poll(() => item(page, 'layer1.0/mul').count()).toBe(0)
    expect(await item(page, 'layer1.0/add').count()).toBe(1)
    expect(faults).toEqual([])
    await page.close()
  })

  it("draws a user's network, and reports the error of invalid code", async () => {
    const { page, faults } = await explorer.open()
    const paste = async (code: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'The code' }).fill(code)
      await page.getByRole('button', { name: 'Draw it' }).click()
    }
    const fault = page.getByRole('alert')
    await page.getByRole('button', { name: 'Paste your own' }).click()
    await paste("import { Conv2d } from 'resnet-ts'\nexport default new Conv2d(3, 4, 3")
    await expect.poll(() => fault.textContent(), PATIENCE).toBe('Line 2, column 34: Unexpected token.')
    await paste("import { nothing } from 'resnet-ts'\nexport default nothing")
    await expect.poll(() => fault.textContent(), PATIENCE).toContain("'nothing'")
    await paste("import fs from 'node:fs'")
    await expect.poll(() => fault.textContent(), PATIENCE).toContain("It imports 'node:fs'")
    await paste('export const net = 3')
    await expect.poll(() => fault.textContent(), PATIENCE).toBe('It has no default export; it exports net.')
    await paste('export default () => { throw new TypeError("mine") }')
    await expect.poll(() => fault.textContent(), PATIENCE).toBe('mine')
    await paste("import { Conv2d } from 'resnet-ts'\nexport default new Conv2d(5, 4, 3)")
    await expect.poll(() => fault.textContent(), PATIENCE).toContain('[1, 3, 224, 224]')
    await paste(TINY)
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await item(page, 'block').waitFor()
    expect(await arcs(page)).toBe(2)
    await item(page, 'gate').click()
    expect(await item(page, 'gate/mul').count()).toBe(1)
    await expect.poll(() => page.url()).toContain('code=')

    // Code from a shared link is shown, but not run without confirmation.
    const shared = await explorer.open(new URL(page.url()).hash)
    await shared.page.getByRole('note').waitFor()
    expect(await shared.page.getByRole('textbox', { name: 'The code' }).inputValue()).toBe(TINY)
    await shared.page.waitForTimeout(1000)
    expect(await shared.page.getByRole('tree').count()).toBe(0)
    await shared.page.getByRole('button', { name: 'Draw it' }).click()
    await item(shared.page, 'gate/mul').waitFor()
    expect([...faults, ...shared.faults]).toEqual([])
    await shared.page.close()
    await page.close()
  })

  it('says what code has thrown, whatever it is, and takes a batch of N', async () => {
    const { page, faults } = await explorer.open()
    const fault = page.getByRole('alert')
    await page.getByRole('button', { name: 'Paste your own' }).click()
    const paste = async (code: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'The code' }).fill(code)
      await page.getByRole('button', { name: 'Draw it' }).click()
    }
    const thrown = [
      ["new RangeError('')", 'RangeError'],
      ['null', 'It threw null.'],
      ["Symbol('mine')", 'It threw Symbol(mine).'],
      ['{ toString: 5 }', 'It threw something that cannot be shown.']
    ]
    for (const [value, said] of thrown) {
      await paste(`throw ${value}`)
      await expect.poll(() => fault.textContent(), PATIENCE).toBe(said)
    }
    const layer = '<script>alert(1)</script>'
    await paste(`import { Conv2d, Module } from 'resnet-ts'
      class Net extends Module {
        '${layer}' = new Conv2d(3, 4, 3)
        forward(x) { return this['${layer}'](x) }
      }
      export default Net
      export const inputShape = ['N', 3, 8, 8]`)
    await item(page, layer).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('shows the code of a link that is opened in the same tab', async () => {
    const { page, faults } = await explorer.open()
    await item(page, 'layer1').waitFor()
    await page.evaluate(
      code => (location.hash = `#/architecture?model=own&code=${encodeURIComponent(code)}`),
      TINY
    )
    await page.getByRole('note').waitFor()
    expect(await page.getByRole('textbox', { name: 'The code' }).inputValue()).toBe(TINY)
    expect(faults).toEqual([])
    await page.close()
  })

  it('keeps the focus of the keyboard while it steps, and when it stops', async () => {
    const { page, faults } = await explorer.open()
    await item(page, 'layer1').waitFor()
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.textContent?.trim())
    const bar = page.getByRole('toolbar')
    await bar.getByRole('button', { name: 'Step', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('End')
    await expect.poll(() => bar.textContent()).toContain('12 of 12')
    expect(await focused()).toBe('Step →')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => bar.textContent()).toContain('11 of 12')
    await bar.getByRole('button', { name: 'Stop stepping' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('Play')
    expect(faults).toEqual([])
    await page.close()
  })

  it('stops an endless loop in the code, and stays usable', async () => {
    const { page, faults } = await explorer.open()
    await page.getByRole('button', { name: 'Paste your own' }).click()
    await page.getByRole('textbox', { name: 'The code' }).fill('for (;;);\nexport default 1')
    await page.getByRole('button', { name: 'Draw it' }).click()
    await expect
      .poll(() => page.getByRole('alert').textContent(), { timeout: 15_000 })
      .toBe('Stopped: the code was still running after 10 seconds.')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('combobox', { name: 'Network' }).selectOption('resnet34')
    await item(page, 'layer3').waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('keeps its state in the URL', async () => {
    const hash =
      '#/architecture?model=cifar_resnet20&classes=7&skip=half&compare=plain&open=layer1,layer1.0&at=layer1.0.conv2&theme=dark'
    const { page, faults } = await explorer.open(hash)
    await item(page, 'layer1.0.conv2').waitFor()
    expect(await item(page, 'layer1.0.conv2').getAttribute('aria-selected')).toBe('true')
    // The part selected in the URL is in view.
    await expect
      .poll(async () => {
        const [box, around] = [
          await item(page, 'layer1.0.conv2').boundingBox(),
          await tree(page).boundingBox()
        ]
        return (
          box &&
          around &&
          box.x > around.x &&
          box.y > around.y &&
          box.y + box.height < around.y + around.height
        )
      })
      .toBe(true)
    expect(await item(page, 'fc').getAttribute('aria-label')).toBe('linear, 7, 455, fc, 7')
    await page.getByRole('switch', { name: 'Shortcuts' }).click()
    await page.getByRole('switch', { name: 'Shortcuts' }).click()
    const entries = (url: string): string[] => [...new URLSearchParams(url.split('?')[1])].map(String).sort()
    await expect.poll(() => entries(page.url())).toEqual(entries(hash))
    expect(faults).toEqual([])
    await page.close()
  })

  it('reports unknown parts of a URL, and shows the rest', async () => {
    const { page, faults } = await explorer.open(
      '#/architecture?model=resnet81&compare=resnet5&open=layer1,layer9&at=nowhere'
    )
    const notices = page.getByRole('status', { name: 'Notices' })
    await expect.poll(() => notices.textContent()).toContain("There is no model 'resnet81'")
    await expect.poll(() => notices.textContent()).toContain("There is no model 'resnet5'")
    await item(page, 'layer1.0').waitFor()
    await expect.poll(() => notices.textContent()).toContain('layer9')
    await expect.poll(() => page.url()).not.toMatch(/nowhere|layer9|resnet81/)
    expect(faults).toEqual([])
    await page.close()
  })

  it('can be used with the keyboard alone', async () => {
    const { page, faults } = await explorer.open()
    await item(page, 'layer1').waitFor()
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('data-id') ?? null)
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    }
    for (let i = 0; i < 30 && (await focused()) === null; i++) await press('Tab')
    expect(await focused()).toBe('input')
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown')
    await expect.poll(focused).toBe('layer1')
    await press('ArrowRight')
    expect(await item(page, 'layer1').getAttribute('aria-expanded')).toBe('true')
    await press('ArrowRight', 'ArrowRight', 'ArrowRight')
    await expect.poll(focused).toBe('layer1.0.conv1')
    expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('layer1.0.conv1')
    await press('ArrowLeft')
    await expect.poll(focused).toBe('layer1.0')
    await press('ArrowLeft')
    expect(await item(page, 'layer1.0').getAttribute('aria-expanded')).toBe('false')
    await press('End')
    await expect.poll(focused).toBe('fc')
    const transform = (): Promise<string | null> => tree(page).locator('> g').getAttribute('transform')
    const before = await transform()
    await press('+')
    expect(await transform()).not.toBe(before)
    // The focus is visible.
    const width = await item(page, 'fc')
      .locator('rect')
      .last()
      .evaluate(rect => getComputedStyle(rect).strokeWidth)
    expect(Number.parseFloat(width)).toBeGreaterThan(2.5)
    expect(faults).toEqual([])
    await page.close()
  })

  it('zooms and pans by wheel, button and touch', async () => {
    const { page, faults } = await explorer.open('', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true
    })
    await item(page, 'layer1').waitFor()
    const scale = async (): Promise<number> =>
      Number(/scale\(([\d.]+)/.exec((await tree(page).locator('> g').getAttribute('transform')) ?? '')?.[1])
    const fitted = await scale()
    await page.getByRole('button', { name: 'Zoom in' }).tap()
    await expect.poll(scale).toBeCloseTo(1.25 * fitted, 5)
    await page.getByRole('button', { name: 'Fit' }).tap()
    await expect.poll(scale).toBeCloseTo(fitted, 5)
    await item(page, 'layer1').tap()
    expect(await item(page, 'layer1.1').count()).toBe(1)
    const box = await tree(page).boundingBox()
    if (!box) throw new Error('the drawing is not there')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const touch = await page.context().newCDPSession(page)
    const fingers = (apart: number): { x: number; y: number; id: number }[] => [
      { x: x - apart, y, id: 0 },
      { x: x + apart, y, id: 1 }
    ]
    const before = await scale()
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(20) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(50) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await expect.poll(scale).toBeGreaterThan(1.5 * before)
    await page.mouse.move(x, y)
    await page.mouse.wheel(0, 400)
    await expect.poll(scale).toBeLessThan(2 * before)
    // The page does not overflow horizontally.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(faults).toEqual([])
    await page.close()
  })

  it.each([
    ['en', 'light'],
    ['zh', 'dark']
  ] as const)(
    'has nothing that axe objects to, unfolded, compared, pasted into: %s, %s',
    async (lang, theme) => {
      const { page } = await explorer.open(
        `#/architecture?lang=${lang}&theme=${theme}&open=layer1,layer1.0&compare=plain&at=layer1.0.conv1`
      )
      await item(page, 'layer1.0.conv1').waitFor()
      await expect.poll(() => page.getByRole('tree').count()).toBe(2)
      expect(await axeViolations(page)).toEqual([])
      await page.locator('.toolbar').getByRole('button').click()
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    }
  )

  it('is translated to Chinese', async () => {
    const { page, faults } = await explorer.open('#/architecture?lang=zh&open=layer1&at=layer1.0')
    await item(page, 'layer1.0').waitFor()
    const text = await page.locator('main').innerText()
    for (const each of ['捷径连接', '恒等映射', '参数量', '乘加次数', '统计层数'])
      expect(text).toContain(each)
    expect(faults).toEqual([])
    await page.close()
  })

  it('prints what Node prints: resnet50', async () => {
    const { page } = await explorer.open('#/architecture?model=resnet50')
    await expect.poll(() => page.locator('.printed pre').textContent()).toBe(String(resnet50()))
    await page.close()
  })
})
