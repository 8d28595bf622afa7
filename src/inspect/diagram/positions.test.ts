import { describe, expect, it } from 'vitest'
import { DIAGRAM_STYLES } from './diagram-choices.js'
import { layoutDiagram } from './draw-diagram.js'
import { writeSvg } from './svg.js'
import { INPUT, Patchwork } from './testing/networks.js'

describe('layoutDiagram', () => {
  it.each(DIAGRAM_STYLES)('is data that can be sent, and all that is drawn: %s', style => {
    const layout = layoutDiagram(new Patchwork(), { style, input: INPUT })
    const sent = JSON.parse(JSON.stringify(layout)) as typeof layout
    expect(sent).toEqual(layout)
    const how = { theme: 'light', title: 'Patches' } as const
    expect(writeSvg(sent, how)).toBe(writeSvg(layout, how))
  })

  it('holds everything between its edges', () => {
    const { x, y, width, height, boxes, lines } = layoutDiagram(new Patchwork(), { input: INPUT })
    for (const box of boxes) {
      expect(box.x).toBeGreaterThan(x)
      expect(box.y).toBeGreaterThan(y)
      expect(box.x + box.width).toBeLessThan(x + width)
      expect(box.y + box.height).toBeLessThan(y + height)
    }
    for (const point of lines.flatMap(({ points }) => points)) {
      expect(point.x).toBeGreaterThan(x)
      expect(point.y).toBeLessThan(y + height)
    }
  })

  it('says which layers a box has, and which boxes a line joins', () => {
    const { boxes, lines } = layoutDiagram(new Patchwork(), { input: INPUT })
    const conv = boxes.findIndex(({ layers }) => layers.includes('blocks.1.conv'))
    expect(boxes[conv]).toMatchObject({ role: 'conv', shape: [1, 4, 8, 8], parameters: 144 })
    const join = boxes.findIndex(({ role }) => role === 'join')
    expect(boxes[join].join).toMatch(/add|mul/)
    expect(
      lines
        .filter(({ to }) => to === join)
        .map(({ look }) => look)
        .sort()
    ).toEqual(['flow', 'skip'])
    for (const { look, from, to, points } of lines) {
      if (look !== 'skip') continue
      expect([from, to]).toEqual([expect.any(Number), expect.any(Number)])
      const target = boxes[to ?? -1]
      const end = points[points.length - 1]
      expect(end.y).toBeGreaterThanOrEqual(target.y)
      expect(end.y).toBeLessThanOrEqual(target.y + target.height)
    }
  })
})
