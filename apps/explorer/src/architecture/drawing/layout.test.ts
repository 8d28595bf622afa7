import { cifar_resnet20, resnet18, resnet50, type Module } from 'resnet-ts'
import { outlineNetwork } from 'resnet-ts/inspect'
import { cbam_resnet18, plainTwin, preact_resnet18 } from 'resnet-ts/models'
import { describe, expect, it } from 'vitest'
import { layOut, stepOf, stepsOf, travelledWays, type Layout, type PlacedPart } from './layout.js'
import { canOpen, treeOf } from './tree.js'

const NETWORKS: readonly (readonly [string, () => Module, number])[] = [
  ['resnet18', resnet18, 224],
  ['resnet50', resnet50, 224],
  ['preact_resnet18', preact_resnet18, 224],
  ['cbam_resnet18', cbam_resnet18, 224],
  ['cifar_resnet20', () => cifar_resnet20({ skip: 'exclusive-gate' }), 32]
]

function laidOut(net: Module, size: number, opens: 'all' | readonly string[]): Layout {
  const { root } = outlineNetwork(net, { input: [1, 3, size, size] })
  const tree = treeOf(root)
  const all = [...tree.byId.values()].filter(canOpen).map(({ id }) => id)
  return layOut(root, new Set(opens === 'all' ? all : opens))
}

const overlap = (a: PlacedPart, b: PlacedPart): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height

const holds = (outer: PlacedPart, inner: PlacedPart): boolean =>
  outer.left <= inner.left &&
  outer.top <= inner.top &&
  outer.left + outer.width >= inner.left + inner.width &&
  outer.top + outer.height >= inner.top + inner.height

describe('layOut', () => {
  it.each(NETWORKS)('puts nothing on top of anything in %s, all unfolded', (_, build, size) => {
    const { parts, left, right, height } = laidOut(build(), size, 'all')
    for (const [index, part] of parts.entries()) {
      expect(part.left).toBeGreaterThanOrEqual(left)
      expect(part.left + part.width).toBeLessThanOrEqual(right)
      expect(part.top + part.height).toBeLessThanOrEqual(height)
      for (const other of parts.slice(index + 1)) {
        if (!overlap(part, other)) continue
        // What overlaps lies in the other, with room around it.
        expect([part.part.id, other.part.id, part.isOpen && holds(part, other)]).toEqual([
          part.part.id,
          other.part.id,
          true
        ])
      }
    }
  })

  it('draws an arc for every shortcut, folded or not, and none for the plain twin', () => {
    const arcs = (net: Module, opens: 'all' | readonly string[]): number =>
      laidOut(net, 224, opens).ways.filter(({ kind }) => kind === 'skip').length
    expect(arcs(resnet18(), [])).toBe(0)
    expect(arcs(resnet18(), ['layer1'])).toBe(2)
    expect(arcs(resnet18(), ['layer1', 'layer1.0'])).toBe(2)
    expect(arcs(resnet18(), 'all')).toBe(8)
    expect(arcs(plainTwin(resnet18()), 'all')).toBe(0)
  })

  it('stands every part on the way from input to output on one axis', () => {
    const { parts } = laidOut(resnet50(), 224, 'all')
    expect(new Set(parts.filter(({ isOnAxis }) => isOnAxis).map(({ x }) => x))).toEqual(new Set([0]))
    const aside = parts.filter(({ isOnAxis }) => !isOnAxis).map(({ part }) => part.path)
    expect(aside.every(path => path.includes('downsample'))).toBe(true)
    expect(aside).toHaveLength(4 * 3)
  })
})

describe('steps', () => {
  it('go through what is in view, and data on the shortcut meets the rest at the sum', () => {
    const layout = laidOut(resnet18(), 224, ['layer1', 'layer1.0'])
    const steps = stepsOf(layout)
    const ids = steps.map(({ part }) => part.id)
    expect(ids.slice(0, 6)).toEqual(['input', 'conv1', 'bn1', 'relu', 'maxpool', 'layer1.0.conv1'])
    const travelled = travelledWays(layout, steps)
    const around = travelled.map(({ from, to }) => [ids[from], ids[to]])
    expect(around).toContainEqual(['maxpool', 'layer1.0/add'])
    expect(around).toContainEqual(['layer1.0.relu_1', 'layer2'])
  })

  it('are found for whatever is selected', () => {
    const layout = laidOut(resnet18(), 224, ['layer1'])
    const steps = stepsOf(layout)
    const shown = (id: string): string | undefined => steps[stepOf(steps, layout, id)]?.part.id
    expect(shown('layer1')).toBe('layer1.0')
    expect(shown('layer2.1.conv2')).toBe('layer2')
    expect(shown('layer1.1/add')).toBe('layer1.1')
    expect(shown('fc')).toBe('fc')
    expect(shown('nowhere')).toBeUndefined()
  })
})
