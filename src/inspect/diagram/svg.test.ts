import { Resvg } from '@resvg/resvg-js'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Sequential } from '../../nn/layers/containers.js'
import { DIAGRAM_STYLES } from './diagram-choices.js'
import { drawDiagram } from './draw-diagram.js'
import { CHARACTERS } from './font-widths.js'
import { INPUT, Patchwork, SqueezeBlock } from './testing/networks.js'
import { shortened, textWidth } from './text-width.js'
import { styleSheet } from './svg.js'

// What is written at a tenth of a pixel, at a size where that is a ten-thousandth of an advance.
const WIDTH_TOLERANCE = 0.2
/** WCAG's AA for text. */
const LEAST_CONTRAST = 4.5

class Named extends Sequential {
  override get typeName(): string {
    return '<b>"Net" & co</b>'
  }
}

describe('drawDiagram', () => {
  it.each(DIAGRAM_STYLES)('writes the style %s as before', async style => {
    const svg = drawDiagram(new Patchwork(), { style, input: INPUT, theme: 'light' })
    await expect(svg).toMatchFileSnapshot(`__snapshots__/patchwork-${style}.svg`)
  })

  it('takes the theme it is given, and the reader’s where it is given none', () => {
    const net = new SqueezeBlock(true)
    const [auto, light, dark] = (['auto', 'light', 'dark'] as const).map(theme =>
      drawDiagram(net, { input: INPUT, theme })
    )
    expect(drawDiagram(net, { input: INPUT })).toBe(auto)
    expect(auto).toContain('prefers-color-scheme: dark')
    expect(light).not.toContain('prefers-color-scheme')
    expect(dark).not.toContain('prefers-color-scheme')
    expect(dark).toContain('.rn .ground { fill: #14171b; }')
  })

  it('keeps names as text', () => {
    const svg = drawDiagram(new Named(new Conv2d(4, 4, 1)), { input: INPUT })
    expect(svg).not.toContain('<b>')
    expect(svg).toContain('&lt;b&gt;&quot;Net&quot; &amp; co&lt;/b&gt;')
  })

  it('is XML whatever characters a name has', () => {
    const name = 'a\0b\u001b[31mc\u007f\ud800d\uffff 😀'
    const svg = drawDiagram(new Named(new Conv2d(4, 4, 1)), { input: INPUT, name })
    expect(() => new Resvg(svg)).not.toThrow()
    expect(svg).toContain('>a\ufffdb\ufffd[31mc\u007f\ufffdd\ufffd 😀</text>')
  })

  it('says what is wrong', () => {
    const net = new Sequential(new Conv2d(4, 4, 1), new Conv2d(4, 4, 1))
    expect(() => drawDiagram(net, { input: INPUT, style: 'block' })).toThrow(
      /Sequential has no residual block/
    )
    expect(() => drawDiagram(net, { input: INPUT, style: 'plain-vs-residual' })).toThrow(/is plain already/)
    expect(() => drawDiagram(net, { input: INPUT, style: 'stage' })).toThrow(/has no stage to open/)
    expect(() => drawDiagram(new Patchwork(), { input: INPUT, style: 'stage', stage: 'blocked' })).toThrow(
      /no module 'blocked' .* such as blocks/
    )
    expect(() => drawDiagram(net, { input: [1, 3, 8, 8] })).toThrow(/^0: conv2d: input/)
  })

  it('opens the stage it is told to', () => {
    const svg = drawDiagram(new Patchwork(), { input: INPUT, style: 'stage', stage: 'blocks.1' })
    expect(svg).toContain('blocks.1: SqueezeBlock')
  })
})

describe('textWidth', () => {
  const folder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
  const size = 100

  /** Where the ink of a bar ends that stands behind a text. */
  function barAfter(text: string, bold: boolean): number {
    const escaped = text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`)
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200"><text xml:space="preserve" y="120" font-family="DejaVu Sans" font-size="${size}"${bold ? ' font-weight="bold"' : ''}>${escaped}|</text></svg>`
    const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(name => join(folder, 'ttf', name))
    const box = new Resvg(svg, { font: { fontFiles: files, loadSystemFonts: false } }).getBBox()
    return box ? box.x + box.width : NaN
  }

  it.each([false, true])('is what the renderer advances by (bold: %s)', bold => {
    const none = barAfter('', bold)
    // A letter before it keeps a space that leads from being dropped.
    const letter = textWidth('n', { size, bold })
    for (const character of CHARACTERS) {
      const found = barAfter(`n${character}`, bold) - none - letter
      expect(Math.abs(found - textWidth(character, { size, bold })), character).toBeLessThan(WIDTH_TOLERANCE)
    }
  })

  it('shortens from the end that is wanted', () => {
    const font = { size: 10 }
    expect(shortened('short', 100, font)).toBe('short')
    const [start, end] = (['start', 'end'] as const).map(keep =>
      shortened('backbone.layer1.0.conv1', 80, font, keep)
    )
    expect(start).toMatch(/^backbone.*…$/)
    expect(end).toMatch(/^….*conv1$/)
    for (const text of [start, end]) expect(textWidth(text, font)).toBeLessThanOrEqual(80)
  })
})

describe('the colours', () => {
  const luminance = (colour: string): number => {
    const [r, g, b] = [1, 3, 5].map(at => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other)
    return (high + 0.05) / (low + 0.05)
  }

  it.each(['light', 'dark'] as const)('of the %s theme can be read', theme => {
    const sheet = styleSheet(theme)
    const fills = Array.from(sheet.matchAll(/\.rn \.(\w+) \{ fill: (#\w+); stroke/g), ([, , fill]) => fill)
    const ground = /\.ground \{ fill: (#\w+)/.exec(sheet)?.[1] ?? ''
    const inks = [/\.strong \{ fill: (#\w+)/, /\.muted \{ fill: (#\w+)/].map(
      rule => rule.exec(sheet)?.[1] ?? ''
    )
    expect(fills).toHaveLength(9)
    for (const ink of inks) {
      for (const fill of [...fills, ground]) expect(contrast(ink, fill)).toBeGreaterThan(LEAST_CONTRAST)
    }
  })
})
