import { describe, expect, it } from 'vitest'
import { assertSelfContained, assertWellFormed, HOSTILE, scriptsOf } from '../testing/assert-page.js'
import { explainPage } from './explain-page.js'

describe('explainPage', () => {
  const png = Uint8Array.of(1, 2, 3)
  const content = {
    title: 'Grad-CAM for <cat> & "co"',
    reading: 'Bright places count.',
    picture: png,
    heat: { png, alpha: 0.4, colours: 'inferno' as const },
    classes: [
      { label: '<b>', score: 0.75, isChosen: true },
      { label: 'dog', score: 0.25, isChosen: false }
    ],
    facts: { Layer: 'layer4' }
  }
  it('holds its pictures, moves heat by its one script, and fetches nothing', () => {
    const page = explainPage(content)
    expect(page.match(/src="data:image\/png;base64,AQID"/g)).toHaveLength(3)
    expect(page).toContain('value="40"')
    expect(page).toContain('opacity:0.4')
    expect(scriptsOf(page)).toHaveLength(1)
    expect(page).not.toMatch(/https?:/)
    assertWellFormed(page)
    assertSelfContained(page)
  })

  it('shows names as text, and the explained class apart', () => {
    const page = explainPage(content)
    expect(page).not.toContain('<b>')
    expect(page).toContain('<tr class="chosen"><th scope="row">&lt;b></th><td>75.00\u00a0%</td>')
    expect(page).toContain('Grad-CAM for &lt;cat> &amp; &quot;co&quot;')
  })

  it('has no script where there is no heat', () => {
    const { heat: _, ...rest } = content
    expect(explainPage({ ...rest, sheet: png })).not.toContain('<script>')
  })

  it('keeps hostile names text', () => {
    const page = explainPage({
      ...content,
      title: HOSTILE,
      reading: HOSTILE,
      classes: [{ label: HOSTILE, score: 1, isChosen: true }],
      facts: { [HOSTILE]: HOSTILE }
    })
    assertWellFormed(page)
    assertSelfContained(page)
    expect(scriptsOf(page)).toHaveLength(1)
  })
})
