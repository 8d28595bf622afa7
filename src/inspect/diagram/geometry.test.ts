import { assert, constantFrom, integer, property, record, array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findModel } from '../../models/registry.js'
import type { Module } from '../../nn/module/module.js'
import { ResnetError } from '../../base/errors.js'
import { DIAGRAM_STYLES, type DiagramStyle } from './diagram-choices.js'
import { drawDiagram, drawNetwork } from './draw-diagram.js'
import type { Scene } from './scene.js'
import { faultsOf, isInside } from './testing/geometry.js'
import { INPUT, Patchwork, Tangle, type Step } from './testing/networks.js'

const steps = array(
  record({
    kind: constantFrom<Step['kind']>('conv', 'block', 'relu', 'add', 'mul', 'maximum', 'concat'),
    from: integer({ min: 0, max: 4 }),
    other: integer({ min: 0, max: 6 })
  }),
  { minLength: 1, maxLength: 14 }
)

/** A picture, or nothing where the network has nothing of the style to draw. */
function drawn(net: Module, style: DiagramStyle): Scene | undefined {
  try {
    return drawNetwork(net, { style, input: INPUT })
  } catch (error) {
    if (error instanceof ResnetError && /is plain already|no residual block|no stage/.test(error.message))
      return undefined
    throw error
  }
}

describe('a diagram', () => {
  it.each(DIAGRAM_STYLES)('of any network whatever has nothing on top of anything: %s', style => {
    let count = 0
    assert(
      property(steps, kinds => {
        const scene = drawn(new Tangle(kinds), style)
        if (!scene) return
        count++
        expect(faultsOf(scene)).toEqual([])
      }),
      { numRuns: 60 }
    )
    expect(count).toBeGreaterThan(10)
  })

  it.each(DIAGRAM_STYLES)('of networks as they are: %s', style => {
    const nets = ['resnet18', 'resnet50', 'cifar_resnet20', 'vgg11'].map(name => {
      const { build, inputSize } = findModel(name)
      return { net: build(), input: [1, 3, inputSize, inputSize] }
    })
    for (const { net, input } of [...nets, { net: new Patchwork(), input: INPUT }]) {
      if (net.typeName === 'VGG' && style !== 'layer' && style !== 'stage') continue
      expect(faultsOf(drawNetwork(net, { style, input }))).toEqual([])
    }
  })

  it('has every box of a plain twin that needs a row more than its network', () => {
    const net = new Tangle([
      { kind: 'conv', from: 0, other: 0 },
      { kind: 'maximum', from: 2, other: 3 },
      { kind: 'add', from: 2, other: 4 },
      { kind: 'add', from: 1, other: 1 },
      { kind: 'maximum', from: 1, other: 5 }
    ])
    const { boxes } = drawNetwork(net, { style: 'plain-vs-residual', input: INPUT })
    expect(boxes.filter(({ node }) => node.title === 'double')).toHaveLength(1)
  })

  it('is cut to what is on it', () => {
    for (const style of DIAGRAM_STYLES) {
      const svg = drawDiagram(new Patchwork(), { style, input: INPUT })
      const [left, top, width, height] = (/viewBox="([^"]*)"/.exec(svg)?.[1] ?? '').split(' ').map(Number)
      const room = { left, top, right: left + width, bottom: top + height }
      expect(isInside(drawNetwork(new Patchwork(), { style, input: INPUT }), room)).toBe(true)
      expect(
        isInside(drawNetwork(new Patchwork(), { style, input: INPUT }), { ...room, right: left + width / 2 })
      ).toBe(false)
    }
  })

  it('would be found out', () => {
    const { boxes, lines, labels } = drawNetwork(new Patchwork(), { input: INPUT })
    const [first, second] = boxes
    expect(faultsOf({ boxes: [...boxes, { ...second, x: second.x + 3 }], lines, labels })).not.toEqual([])
    expect(faultsOf({ boxes: [{ ...first, width: 40 }], lines: [], labels: [] })).not.toEqual([])
    const through = {
      ...lines[0],
      points: [
        { x: first.x + 5, y: first.y - 9 },
        { x: first.x + 5, y: first.y + 50 }
      ]
    }
    expect(faultsOf({ boxes, lines: [through], labels })).not.toEqual([])
    expect(faultsOf({ boxes: [], lines: [lines[0], { ...lines[0] }], labels: [] })).not.toEqual([])
  })
})
