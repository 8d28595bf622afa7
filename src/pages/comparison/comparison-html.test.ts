import { describe, expect, it } from 'vitest'
import { compareCosts, networkCosts } from '../../inspect/compare/network-costs.js'
import { resnet18 } from '../../models/resnet/resnet.js'
import { assertSelfContained, assertWellFormed, HOSTILE } from '../testing/assert-page.js'
import { comparisonHtml } from './comparison-html.js'

describe('comparisonHtml', () => {
  it('shows the costs of two networks, and names as text', () => {
    const a = { ...networkCosts(resnet18(), { input: [1, 3, 64, 64], name: 'a<b' }) }
    const page = comparisonHtml(compareCosts(a, { ...a, name: HOSTILE }))
    assertWellFormed(page)
    assertSelfContained(page)
    expect(page).toContain('<th scope="col">a&lt;b</th>')
    expect(page).toContain('<th scope="row">Multiply-adds</th><td>148,557,824</td>')
    expect(page).not.toMatch(/https?:|a<b|<script/)
  })
})
