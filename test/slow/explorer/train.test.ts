// The explorer's part "Train": two networks train side by side. Skipped without Chromium.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manualSeed, readWeights } from 'resnet-ts'
import { findModel, restoreNetwork } from 'resnet-ts/models'
import { readCheckpoint } from 'resnet-ts/train'
import { axeViolations, hasBrowser, startExplorer, type Explorer } from '../../support/explorer-page.js'
import { longestTask } from '../../support/main-thread.js'
import { resnet } from '../../support/run-cli.js'
import { loaders, lossesInNode, trainerOf, twinsInNode } from '../../support/train-in-node.js'
import { button, oneStep, PATIENT, steps, trainUntil, values } from '../../support/train-page.js'

const SIDES = [0, 1] as const
/** The page's kernels sum in another order than Node's. */
const LOSS_TOLERANCE = 1e-4

/** Milliseconds of CPU time: browsers' definition of a long task, and half of the page's limit. */
const LONGEST_TASK = 50

describe.skipIf(!hasBrowser)('the part "Train"', () => {
  let explorer: Explorer
  beforeAll(async () => {
    explorer = await startExplorer()
  })
  afterAll(() => explorer.close())

  it('makes single steps with the same losses as Node', async () => {
    const { page, faults } = await explorer.open('#/train?depth=8')
    const found: number[][] = []
    for (let step = 0; step < 4; step++) {
      await oneStep(page)
      found.push(await values(page, 'Loss of the last batch'))
    }
    const expected = await lossesInNode(twinsInNode('cifar_resnet8'), 4)
    found.forEach((losses, step) => {
      losses.forEach((loss, side) => {
        expect(Math.abs(loss / expected[step][side] - 1)).toBeLessThan(LOSS_TOLERANCE)
      })
    })
    expect(faults).toEqual([])
    await page.close()
  })

  it('can be used by the keyboard alone: a button that goes off for a while keeps the focus', async () => {
    const { page, faults } = await explorer.open('#/train?depth=8')
    await button(page, 'One step').focus()
    for (let step = 1; step <= 2; step++) {
      await page.keyboard.press('Enter')
      await expect.poll(() => steps(page), PATIENT).toBe(step)
      await expect.poll(() => button(page, 'One step').isEnabled(), PATIENT).toBe(true)
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('One step')
    }
    expect(faults).toEqual([])
    await page.close()
  })

  it('fits a narrow window when weights have been saved', async () => {
    const { page } = await explorer.open('#/train?depth=8', { viewport: { width: 320, height: 740 } })
    await oneStep(page)
    await page
      .getByRole('button', { name: /^Save the weights/ })
      .first()
      .click()
    await page.locator('.saved').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    await page.close()
  })

  it('starts both networks from the same weights, for any kind of shortcut', async () => {
    const { page } = await explorer.open('#/train?depth=8&left=exclusive-gate&right=product&seed=3')
    await oneStep(page)
    const nets = (['exclusive-gate', 'product'] as const).map(skip => {
      const { build } = findModel('cifar_resnet8')
      manualSeed(3)
      const shared = build({ numClasses: 10, inChannels: 1 }).stateDict()
      manualSeed(3)
      const net = build({ numClasses: 10, inChannels: 1, skip })
      net.loadStateDict(shared, { strict: false })
      return net
    })
    const found = await values(page, 'Loss of the last batch')
    for await (const batch of (await loaders(3)).train.epoch(0)) {
      for (const side of SIDES) {
        const trainer = await trainerOf(nets[side])
        const { loss } = await trainer.step(batch)
        expect(Math.abs(found[side] / loss - 1)).toBeLessThan(LOSS_TOLERANCE)
        await trainer.dispose()
      }
      break
    }
    await page.close()
  })

  it('shows that a deep residual network learns sooner than the plain one', async () => {
    const { page, faults } = await explorer.open('#/train')
    const longest = await longestTask(page, () => trainUntil(page, 60))
    expect(longest.own).toBeLessThan(LONGEST_TASK)
    const [plain, residual] = await values(page, 'Loss, smoothed')
    expect(residual).toBeLessThan(plain / 2)
    await expect.poll(async () => (await values(page, 'Accuracy'))[1], PATIENT).toBeGreaterThan(0.5)
    const reading = page.getByRole('region', { name: 'What this shows' })
    expect(await reading.textContent()).toMatch(
      /The loss of F\(x\) \+ x is [\d.]+ times lower than that of F\(x\)/
    )
    const bars = page.getByRole('img', { name: /^F\(x\) \+ x: the gradient norm is/ })
    expect(await bars.locator('.bar').count()).toBe(20)
    const canvas = page.getByRole('img', { name: /^Loss: curves/ }).locator('canvas')
    expect(await canvas.evaluate(coloured)).toBe(true)
    expect(faults).toEqual([])
    await page.close()
  })

  it('saves weights that Node loads strictly, with the same accuracy', async () => {
    const { page } = await explorer.open('#/train?depth=8&right=product')
    await trainUntil(page, 25)
    for (const side of SIDES) {
      const name = ['F(x)', 'F(x) · x'][side]
      await expect.poll(async () => (await values(page, 'Accuracy'))[side], PATIENT).not.toBeNaN()
      const made = (await values(page, 'Steps'))[side]
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: `Save the weights of ${name} as` }).click()
      const file = await download
      expect(file.suggestedFilename()).toBe(`digits-8-${['plain', 'product'][side]}-step-${made}.safetensors`)
      const path = await file.path()
      const checkpoint = await readCheckpoint(path)
      const net = restoreNetwork(checkpoint)
      net.loadStateDict(await readWeights(path), { strict: true })
      const trainer = await trainerOf(net)
      const { accuracy } = await trainer.evaluate((await loaders()).heldBack.epoch(0))
      await trainer.dispose()
      // One of 359 digits may be on a decision boundary.
      expect(Math.abs((accuracy ?? NaN) - (await values(page, 'Accuracy'))[side])).toBeLessThan(1.5 / 359)
      const { code, stdout } = await resnet('eval', '--checkpoint', path, 'digits', '--json')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ images: 359 })
    }
    expect(await page.locator('.saved').textContent()).toContain(
      'resnet predict digit.png --checkpoint digits-8-'
    )
    await page.close()
  })

  it('pauses, resumes, restarts, and continues while another part is shown', async () => {
    const { page } = await explorer.open('#/train?depth=8')
    await trainUntil(page, 3)
    const paused = await steps(page)
    await page.waitForTimeout(1500)
    expect(await steps(page)).toBe(paused)
    await button(page, 'Continue').click()
    await expect.poll(() => steps(page), PATIENT).toBeGreaterThan(paused)
    await page.getByRole('tab', { name: 'Architecture' }).click()
    const left = await steps(page)
    await expect.poll(() => steps(page), PATIENT).toBeGreaterThan(left + 2)
    await page.getByRole('tab', { name: 'Train' }).click()
    // Other settings start another run, which also continues.
    const former = await steps(page)
    await page.getByLabel('Network 2: a block computes').selectOption('half')
    await expect.poll(() => page.url()).toContain('right=half')
    await expect.poll(() => steps(page), PATIENT).toBeLessThan(former)
    await expect.poll(() => steps(page), PATIENT).toBeGreaterThan(2)
    await button(page, 'Start over').click()
    await expect.poll(() => steps(page)).toBe(0)
    expect(await page.locator('.run-status').textContent()).toBe('Ready.')
    await page.reload()
    expect(await page.getByLabel('Network 2: a block computes').inputValue()).toBe('half')
    expect(await page.getByLabel('Depth').inputValue()).toBe('8')
    await page.close()
  })

  it('reports that a network diverged, and continues with the other', async () => {
    const { page, faults } = await explorer.open('#/train?left=product&right=identity&depth=32&rate=0.5')
    await button(page, 'Start').click()
    const reading = page.getByRole('region', { name: 'What this shows' })
    await expect
      .poll(() => reading.textContent(), PATIENT)
      .toMatch(/^F\(x\) · x diverged at step \d+: its values/)
    const [broken] = await values(page, 'Steps')
    await expect.poll(async () => (await values(page, 'Steps'))[1], PATIENT).toBeGreaterThan(broken + 1)
    expect((await values(page, 'Steps'))[0]).toBe(broken)
    expect(faults).toEqual([])
    await page.close()
  })

  it('can be used with the keyboard alone and with a screen reader', async () => {
    const { page } = await explorer.open('#/train?depth=8')
    await page.getByRole('tab', { name: 'Train' }).focus()
    const focused = (): Promise<string | null> =>
      page.evaluate(() => {
        const element = document.activeElement
        return element?.closest('label')?.querySelector('span')?.textContent ?? element?.textContent ?? null
      })
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 30 && (await focused()) !== name; presses++)
        await page.keyboard.press('Tab')
      expect(await focused()).toBe(name)
    }
    await tabTo('Network 1: a block computes')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.url()).toContain('left=identity')
    await tabTo('Start')
    await page.keyboard.press('Enter')
    await expect.poll(() => steps(page), PATIENT).toBeGreaterThan(1)
    expect(await focused()).toBe('Pause')
    await page.keyboard.press('Enter')
    const live = page.getByRole('tabpanel').locator('.visually-hidden[role=status]')
    await expect
      .poll(() => live.textContent(), PATIENT)
      .toMatch(/^Paused\. \d+ steps F\(x\) \+ x ①: loss [\d.]+/)
    await tabTo('One step')
    const before = await steps(page)
    await page.keyboard.press('Space')
    await expect.poll(() => steps(page), PATIENT).toBe(before + 1)
    await page.close()
  })

  it('has no accessibility violations by axe in Chinese, in dark mode, on a phone', async () => {
    const { page, faults } = await explorer.open('#/train?depth=8&lang=zh&theme=dark', {
      viewport: { width: 390, height: 844 },
      hasTouch: true
    })
    await button(page, '单步').tap()
    await expect
      .poll(() => page.getByRole('region', { name: '结果解读' }).textContent(), PATIENT)
      .toContain('仅 1 步')
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(excess).toBeLessThanOrEqual(0)
    expect(await axeViolations(page)).toEqual([])
    await page.goto(`${explorer.address}#/train?depth=8&lang=en&theme=light`)
    await page.setViewportSize({ width: 1280, height: 860 })
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })
})

/** Whether a canvas has coloured pixels, not only grey lines. */
function coloured(canvas: Element): boolean {
  const { width, height } = canvas as HTMLCanvasElement
  const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
  for (let i = 0; i < pixels.length; i += 4) {
    const [red, , blue, alpha] = pixels.slice(i, i + 4)
    if (alpha > 200 && red - blue > 100) return true
  }
  return false
}
