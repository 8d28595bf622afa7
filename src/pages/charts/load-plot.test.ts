import { expect, it, vi } from 'vitest'
import { loadPlot } from './load-plot.js'

// As uPlot does when it is loaded.
vi.mock('uplot', () => ({ default: new Intl.NumberFormat(navigator.language).resolvedOptions().locale }))

it('loads it in a browser whose language is none', async () => {
  vi.stubGlobal('navigator', { language: 'C' })
  expect(() => new Intl.NumberFormat(navigator.language)).toThrow(RangeError)
  expect(await loadPlot()).toBe('en')
  vi.unstubAllGlobals()
})
