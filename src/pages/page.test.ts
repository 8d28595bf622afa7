import fc from 'fast-check'
import { h } from 'preact'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import drawCharts from '#text/charts/draw-charts.script'
import exploreDiagram from '#text/diagram/explore-diagram.script'
import fadeHeat from '#text/explanation/fade-heat.script'
import { EmbeddedData, renderPage } from './page.js'
import {
  assertSelfContained,
  assertWellFormed,
  embeddedIn,
  HOSTILE,
  scriptsOf
} from './testing/assert-page.js'

const frame = { title: HOSTILE, style: 'p{margin:0}' }

describe('assertWellFormed', () => {
  it.each([
    '<p>a < b</p>',
    '<p>&x</p>',
    '<b><i></b></i>',
    '<p>',
    '<p a=b></p>',
    '<p onclick="x"></p>',
    '</p>'
  ])('refuses %s', text => {
    expect(() => assertWellFormed(text)).toThrow()
  })
})

describe('assertSelfContained', () => {
  const page = renderPage({ ...frame, title: 'x' }, h('p', null, 'y'))

  it.each([
    '<img src="a.png"/>',
    '<script>go()</script>',
    '<link href="a.css"/>',
    '<style>@import "a"</style>'
  ])('refuses %s', part => {
    expect(() => assertSelfContained(page)).not.toThrow()
    expect(() => assertSelfContained(page.replace('<p>', `${part}<p>`))).toThrow()
  })
})

describe('a page', () => {
  it('embeds any data, and none of it becomes markup', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const data = { value, text, [text]: HOSTILE }
        const page = renderPage(frame, [h('p', null, text), h(EmbeddedData, { id: 'data', value: data })])
        assertWellFormed(page)
        assertSelfContained(page)
        expect(embeddedIn(page, 'data')).toEqual(JSON.parse(JSON.stringify(data)))
        expect(scriptsOf(page)).toEqual([])
      })
    )
  })

  it.each([
    ['charts', drawCharts],
    ['diagram', exploreDiagram],
    ['explanation', fadeHeat]
  ])('allows the script of the %s by its hash, and no other', (_, script) => {
    const page = renderPage({ ...frame, scripts: [script] }, null)
    assertWellFormed(page)
    assertSelfContained(page)
    expect(page).toContain(`script-src '${script.hash}'"`)
    expect(scriptsOf(page)).toEqual([script.code])
    // The script is text until a browser reads it: at least it parses.
    expect(() => new Script(script.code)).not.toThrow()
  })

  it('shows pictures only where it says so', () => {
    expect(renderPage({ ...frame, hasImages: true }, null)).toContain('img-src data:')
    expect(renderPage(frame, null)).not.toContain('img-src')
  })
})
