import { describe, expect, it } from 'vitest'
import { findModel } from '../../models/registry.js'
import { resnet18, resnet50 } from '../../models/resnet/resnet.js'
import type { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { INPUT, Patchwork } from '../diagram/testing/networks.js'
import { outlineNetwork, type OutlinePart } from './outline.js'
import { summarize } from '../summary/summary.js'

function* everyPart(part: OutlinePart): Generator<OutlinePart> {
  yield part
  for (const each of part.parts) yield* everyPart(each)
  for (const detour of part.detours) for (const each of detour.parts) yield* everyPart(each)
}

const find = (root: OutlinePart, id: string): OutlinePart => {
  const found = [...everyPart(root)].find(part => part.id === id)
  if (!found) throw new Error(`no part ${id}`)
  return found
}
const ids = (parts: readonly OutlinePart[]): string[] => parts.map(({ id }) => id)

describe('outlineNetwork', () => {
  it('goes from the stem to the classes', () => {
    const { root } = outlineNetwork(resnet18())
    expect(ids(root.parts).join(' ')).toBe(
      'input conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool reshape fc'
    )
    expect(root.detours).toEqual([])
    expect(find(root, 'layer2')).toMatchObject({
      type: 'Sequential',
      role: 'group',
      inputShapes: [[1, 64, 56, 56]],
      outputShape: [1, 128, 28, 28]
    })
  })

  it('shows a block as F, the shortcut around it, and where they meet', () => {
    const { root } = outlineNetwork(resnet50())
    const block = find(root, 'layer1.0')
    expect(ids(block.parts).map(id => id.replace('layer1.0', ''))).toEqual([
      '.conv1',
      '.bn1',
      '.relu',
      '.conv2',
      '.bn2',
      '.relu_1',
      '.conv3',
      '.bn3',
      '/add',
      '.relu_2'
    ])
    const [projection] = block.detours
    expect(block.detours).toHaveLength(1)
    expect(projection).toMatchObject({ from: undefined, to: 'layer1.0/add' })
    expect(ids(projection.parts)).toEqual(['layer1.0.downsample'])
    expect(find(root, 'layer1.0/add').join).toBe('add')
    expect(find(root, 'layer1.1').detours).toEqual([{ from: undefined, to: 'layer1.1/add', parts: [] }])
  })

  it('has no shortcut in the plain twin', () => {
    const { root } = outlineNetwork(plainTwin(resnet18()))
    expect([...everyPart(root)].flatMap(({ detours }) => detours)).toEqual([])
  })

  it("is drawn of anybody's network", () => {
    const { root } = outlineNetwork(new Patchwork(), { input: INPUT })
    const parts = [...everyPart(root)]
    const gate = parts.find(({ id }) => id === 'gate')
    expect(gate?.detours).toHaveLength(1)
    expect(parts.filter(({ path }) => path === 'shared').map(({ id }) => id)).toEqual(['shared', 'shared_1'])
  })

  it.each(['resnet18', 'cbam_resnet18', 'preact_resnet18', 'resnet18d', 'vgg11_bn', 'cifar_resnet20'])(
    'accounts for all of %s, and can be sent anywhere',
    name => {
      const { build, inputSize } = findModel(name)
      const net: Module = build()
      const input = [1, 3, inputSize, inputSize]
      const outline = outlineNetwork(net, { input, name })
      const parts = [...everyPart(outline.root)]
      const { parameters, multiplyAdds } = summarize(net, { input })
      expect(outline.root).toMatchObject({ parameters, multiplyAdds })
      expect(outline.costs).toMatchObject({ name, parameters, multiplyAdds })
      expect(new Set(ids(parts)).size).toBe(parts.length)
      expect(structuredClone(outline)).toEqual(outline)
      for (const { id, parts: inner, detours, ...sums } of parts.filter(part => part.role === 'group')) {
        const all = [...inner, ...detours.flatMap(detour => detour.parts)]
        for (const each of ['parameters', 'multiplyAdds'] as const) {
          expect([id, all.reduce((sum, part) => sum + part[each], 0)]).toEqual([id, sums[each]])
        }
      }
    }
  )

  it.each(['resnet50', 'vgg11', 'cbam_resnet18'])('finds every module of %s in what it prints', name => {
    const net = findModel(name).build()
    const { text, lines } = outlineNetwork(net, { name })
    const printed = text.split('\n')
    for (const [path, module] of net.namedModules()) {
      const [first, last] = lines[path]
      const head = path === '' ? '' : `(${path.split('.').at(-1) ?? ''}): `
      const indent = ' '.repeat(path === '' ? 0 : 2 * path.split('.').length)
      const own = String(module).split('\n').join(`\n${indent}`)
      expect(printed.slice(first, last + 1).join('\n')).toBe(`${indent}${head}${own}`)
    }
  })
})
