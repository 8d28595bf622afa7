// The controls of the explorer's part "Train": its buttons, and the values in its table.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** A generous timeout for creating sessions and making steps on a busy machine. */
export const PATIENT = { timeout: 180_000, interval: 100 }

/** A button by its text. */
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

/** The unrounded values of a row of the table. */
export async function values(page: Page, row: string): Promise<number[]> {
  const found = page.getByRole('row', { name: row, includeHidden: true }).locator('data')
  return found.evaluateAll(cells => cells.map(cell => Number((cell as HTMLDataElement).value || NaN)))
}

/** The number of steps of the network that is ahead. */
export const steps = async (page: Page): Promise<number> => Math.max(...(await values(page, 'Steps')))

/** Starts or resumes, and pauses after a number of steps. */
export async function trainUntil(page: Page, count: number): Promise<void> {
  await button(page, (await steps(page)) === 0 ? 'Start' : 'Continue').click()
  await expect.poll(() => steps(page), PATIENT).toBeGreaterThanOrEqual(count)
  await pause(page)
}

/** Pauses, and waits for the accuracy of the current weights. */
async function pause(page: Page): Promise<void> {
  await button(page, 'Pause').click()
  await expect.poll(() => page.locator('.run-status').textContent(), PATIENT).toContain('Paused.')
}

/** Makes one step. */
export async function oneStep(page: Page): Promise<void> {
  const before = await steps(page)
  await button(page, 'One step').click()
  await expect.poll(() => steps(page), PATIENT).toBe(before + 1)
}
