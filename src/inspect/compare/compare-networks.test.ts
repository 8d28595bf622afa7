import { describe, expect, it } from 'vitest'
import { resnet18, resnet50 } from '../../models/resnet/resnet.js'
import { Identity } from '../../nn/layers/shaping.js'
import { measureInTurn } from './compare-networks.js'
import { compareCosts, formatComparison, networkCosts } from './network-costs.js'

const input = [1, 3, 64, 64]

describe('compareCosts', () => {
  it('puts the second network over the first', () => {
    const a = networkCosts(resnet18(), { input, name: 'a' })
    const b = networkCosts(resnet50(), { input })
    const { ratios } = compareCosts(a, b)
    expect([a.layers, b.layers, b.name]).toEqual([18, 50, 'ResNet'])
    expect(ratios.layers).toBe(50 / 18)
    expect(ratios.parameters).toBe(25_557_032 / 11_689_512)
    expect(ratios.parameterBytes).toBe(ratios.parameters)
    expect(ratios.latency).toBeUndefined()
  })

  it('has no ratio to nothing', () => {
    const none = networkCosts(new Identity(), { input })
    const some = networkCosts(resnet18(), { input })
    expect(compareCosts(none, some).ratios).toEqual({})
    expect(compareCosts(some, none).ratios.parameters).toBe(0)
  })

  it('makes a table', () => {
    const latency = { median: 12.345, lower: 10, upper: 150, runs: 7 }
    const a = { ...networkCosts(resnet18(), { input, name: 'a<b' }), latency }
    const comparison = compareCosts(a, { ...a, name: 'other', latency: { ...latency, median: 24.69 } })
    expect(formatComparison(comparison)).toMatchInlineSnapshot(`
      "==========================================================
                                      a<b           other  Ratio
      ==========================================================
      Input                [1, 3, 64, 64]  [1, 3, 64, 64]
      Layers with weights              18              18  1.00×
      Parameters               11,689,512      11,689,512  1.00×
      Multiply-adds           148,557,824     148,557,824  1.00×
      Parameters (MB)               46.76           46.76  1.00×
      Layer outputs (MB)             2.45            2.45  1.00×
      Latency, CPU (ms)              12.3            24.7  2.00×
      ==========================================================
      Latency: median of 7 runs of each, in turn; the middle half took a<b 10.0–150 ms, other 10.0–150 ms."
    `)
  })
})

describe('a table for a narrow terminal', () => {
  it('has compact shapes and shortened names', () => {
    const a = networkCosts(resnet18(), {
      input: [1, 3, 224, 224],
      name: './networks/my-own-network.mjs Gated'
    })
    const table = formatComparison(compareCosts(a, { ...a, name: 'resnet18' }), { width: 60 })
    const lines = table.split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(60)
    expect(lines[1]).toMatch(/ \.\/netwo….*Gated +resnet18  Ratio$/)
    expect(lines[3]).toMatch(/^Input +\[1,3,224,224\] +\[1,3,224,224\]$/)
    expect(table).toContain('Layers with weights ')
  })
})

describe('measureInTurn', () => {
  it('runs everything in turn, from either end, and counts no warm-up', async () => {
    let clock = 0
    const order: string[] = []
    const lasting = (name: string, times: readonly number[]) => async (): Promise<void> => {
      clock += times[order.filter(each => each === name).length]
      order.push(name)
    }
    const jobs = [lasting('a', [99, 1, 2, 3, 4]), lasting('b', [99, 8, 8, 8, 8])]
    const [a, b] = await measureInTurn(jobs, 4, { warmUps: 1, now: () => clock })
    expect(order.join('')).toBe('baabbaabba')
    expect(a).toEqual({ median: 2.5, lower: 1.75, upper: 3.25, runs: 4 })
    expect(b).toEqual({ median: 8, lower: 8, upper: 8, runs: 4 })
  })
})
