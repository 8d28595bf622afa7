import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawnTexts, missingGlyphs } from './font-coverage.js'

const folder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
const SANS = join(folder, 'ttf/DejaVuSans.ttf')

describe('the characters that a font lacks', () => {
  it('are those without a glyph, each once, in their order', async () => {
    expect(await missingGlyphs('layer1 · 残差网络 残差', [SANS])).toEqual(['残', '差', '网', '络'])
    // Languages and signs that DejaVu Sans has, some of them beyond the first 65,536 characters.
    expect(await missingGlyphs('ResNet Ж α א ⊕ → é 𝔸 😀', [SANS])).toEqual([])
    expect(await missingGlyphs('レス 🦭', [SANS])).toEqual(['レ', 'ス', '🦭'])
  })

  it('are none of those that no glyph stands for', async () => {
    expect(await missingGlyphs('a\u200d\ufe0f\u3000\u0301\n', [SANS])).toEqual([])
  })

  it('are none that another of the fonts has', async () => {
    // The slanted mono has no Hebrew.
    const mono = join(folder, 'ttf/DejaVuSansMono-Oblique.ttf')
    const hebrew = 'א'
    expect(await missingGlyphs(hebrew, [mono])).toEqual([hebrew])
    expect(await missingGlyphs(hebrew, [mono, SANS])).toEqual([])
  })
})

it('the texts of an SVG are what it draws, not its names, titles and styles', () => {
  const svg =
    '<svg id="甲"><style>text { font: "乙" }</style><title>丙</title><text x="1">层 &#x5c42;&#23618; a</text></svg>'
  expect(drawnTexts(svg).replace(/\s+/g, ' ').trim()).toBe('层 层层 a')
})
