// The explorer's part "Train" without WebGPU, shared memory, the runtime or enough memory, and with WebGPU. Skipped
// without Chromium.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LITTLE_MEMORY, WEBGPU } from '../../support/chromium.js'
import { hasBrowser, servePlainly, startExplorer, type Explorer } from '../../support/explorer-page.js'
import { lossesInNode, twinsInNode } from '../../support/train-in-node.js'
import { button, oneStep, PATIENT, values } from '../../support/train-page.js'

/** GPU kernels, here emulated in software, sum in another order than Node's. */
const LOSS_TOLERANCE = 1e-4

describe.skipIf(!hasBrowser)('the part "Train"', () => {
  let explorer: Explorer
  beforeAll(async () => {
    explorer = await startExplorer()
  })
  afterAll(() => explorer.close())

  it('trains on the CPU with a notice if WebGPU is requested but missing', async () => {
    const { page } = await explorer.open('#/train?depth=8&device=webgpu')
    await oneStep(page)
    const notices = page.getByRole('status', { name: 'Notices' })
    await expect.poll(() => notices.textContent()).toContain('WebGPU is not available here')
    await page.close()
  })

  it('reports that the runtime cannot be loaded, and the page stays usable', async () => {
    const { page } = await explorer.open('#/train?depth=8', { serviceWorkers: 'block' })
    await page.context().route('**/*.wasm', route => route.abort())
    await button(page, 'Start').click()
    const reading = page.getByRole('region', { name: 'What this shows' })
    await expect.poll(() => reading.textContent(), PATIENT).toContain('cannot be trained any further')
    await expect
      .poll(() => page.locator('.run-status').textContent())
      .toContain('neither network can be trained further')
    await page.context().unroute('**/*.wasm')
    await button(page, 'Start over').click()
    await oneStep(page)
    await page.getByRole('tab', { name: 'Architecture' }).click()
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Architecture')
    await page.close()
  })

  it('trains without shared memory, on a server without its headers', async () => {
    const server = await servePlainly()
    try {
      const { page, faults } = await explorer.openAt(`${server.address}#/train?depth=8`)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
      await oneStep(page)
      expect(faults).toEqual([])
      await page.close()
    } finally {
      await server.stop()
    }
  })
})

describe.skipIf(!hasBrowser)('the part "Train" with little memory', () => {
  it('reports that memory ran out, and trains smaller networks', async () => {
    const explorer = await startExplorer({ args: LITTLE_MEMORY })
    try {
      const { page } = await explorer.open('#/train?depth=110&batch=128')
      await button(page, 'One step').click()
      const reading = page.getByRole('region', { name: 'What this shows' })
      await expect.poll(() => reading.textContent(), PATIENT).toMatch(/memory/)
      await page.getByLabel('Depth').selectOption('8')
      await page.getByLabel('Batch size').selectOption('8')
      await oneStep(page)
    } finally {
      await explorer.close()
    }
  })
})

describe.skipIf(!hasBrowser)('the part "Train" on WebGPU', () => {
  it('has the same losses as Node', async () => {
    const explorer = await startExplorer({ args: WEBGPU })
    try {
      const { page } = await explorer.open('#/train?depth=8&device=webgpu')
      const expected = await lossesInNode(twinsInNode('cifar_resnet8'), 3)
      for (const losses of expected) {
        await oneStep(page)
        const found = await values(page, 'Loss of the last batch')
        losses.forEach((loss, side) => {
          expect(Math.abs(found[side] / loss - 1)).toBeLessThan(LOSS_TOLERANCE)
        })
      }
      const notices = page.getByRole('status', { name: 'Notices' })
      expect(await notices.textContent()).toBe('')
    } finally {
      await explorer.close()
    }
  })
})
