import { describe, expect, it } from 'vitest'
import { THEMES } from '../../inspect/diagram/diagram-choices.js'
import { INPUT, Patchwork } from '../../inspect/diagram/testing/networks.js'
import { assertSelfContained, assertWellFormed, HOSTILE, scriptsOf } from '../testing/assert-page.js'
import { diagramHtml } from './diagram-html.js'

describe('diagramHtml', () => {
  const page = diagramHtml(new Patchwork(), { input: INPUT, name: 'Patches' })

  it('needs nothing from anywhere', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|src=|<link/)
    expect(page).toContain("default-src 'none'")
    expect(page.match(/<h1>Patches<\/h1>/g)).toHaveLength(1)
  })

  it('tells all about every box', () => {
    const titles = Array.from(page.matchAll(/<title>([^<]*)<\/title>/g), ([, text]) => text)
    expect(titles).toContain('blocks.1.conv (Conv2d)\noutput 4 × 8 × 8\n144 parameters\n9,216 multiply-adds')
    expect(titles).toContain('gate: ×\nF(x) · x\noutput 4 × 8 × 8')
  })

  it('keeps hostile names text, and runs its own script alone', () => {
    const hostile = diagramHtml(new Patchwork(), { input: INPUT, name: HOSTILE })
    assertWellFormed(hostile.replace(/<svg[^]*<\/svg>/, ''))
    assertSelfContained(hostile)
    expect(scriptsOf(hostile)).toHaveLength(1)
  })

  it('stands on the ground of its theme', () => {
    const grounds = THEMES.map(
      theme => /<html[^>]*>/.exec(diagramHtml(new Patchwork(), { input: INPUT, theme }))?.[0]
    )
    expect(grounds[0]).toBe(
      '<html lang="en" class="theme-auto" style="--ground-light:#ffffff;--ground-dark:#14171b">'
    )
    expect(grounds[2]).toContain('class="theme-dark"')
  })
})
