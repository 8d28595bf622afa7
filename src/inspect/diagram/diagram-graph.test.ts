import { describe, expect, it } from 'vitest'
import { findModel } from '../../models/registry.js'
import { cifar_resnet20 } from '../../models/resnet/cifar-resnet.js'
import { resnet18, resnet50 } from '../../models/resnet/resnet.js'
import type { Value } from '../../ir/ops.js'
import { add, gelu, silu } from '../../ir/functional/elementwise.js'
import { SiLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Residual } from '../../nn/layers/residual.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Identity } from '../../nn/layers/shaping.js'
import { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { summarize } from '../summary/summary.js'
import { findBlocks, findStages, kindOf } from './blocks.js'
import { diagramGraph, type DiagramGraph, type DiagramNode } from './diagram-graph.js'
import { mergeFollowers } from './regroup.js'
import { INPUT, Patchwork, SqueezeBlock } from './testing/networks.js'

const titles = ({ nodes }: DiagramGraph): string[] => nodes.map(({ title }) => title)
const texts = ({ nodes }: DiagramGraph): string[] =>
  nodes.map(({ title, path, parameters, shape }) => `${path} ${title} ${shape.join()} ${parameters}`)

describe('diagramGraph', () => {
  it('draws layers as boxes, functions one by one, and joins as they are', () => {
    const { nodes } = diagramGraph(new SqueezeBlock(false), INPUT)
    expect(nodes.map(({ title, path }) => `${path}: ${title}`)).toEqual([
      ': input',
      'conv: 3×3 conv, 4',
      'bn: batch norm',
      ': ReLU',
      'gate: global avg pool',
      'gate.down: 1×1 conv, 2',
      'gate: ReLU',
      'gate.up: 1×1 conv, 4',
      'gate: sigmoid',
      'gate: ×',
      ': +',
      ': ReLU'
    ])
  })

  it('opens a layer that adds its input back, but no activation that multiplies by it', () => {
    const { nodes } = diagramGraph(new Patchwork(), INPUT)
    expect(nodes.filter(({ path }) => path === 'bare').map(({ title }) => title)).toEqual([
      '3×3 conv, 4',
      'ReLU',
      '+'
    ])
    expect(titles(diagramGraph(new Sequential(new SiLU()), INPUT))).toEqual(['input', 'SiLU'])
    class Functional extends Module {
      conv = new Conv2d(4, 4, 1)
      forward(x: Value): Value {
        return silu(gelu(this.conv(x)))
      }
    }
    const own = diagramGraph(new Functional(), INPUT)
    expect(titles(own).at(-1)).toBe('×')
    expect(titles(own)).toContain('× 0.707')
  })

  it('counts a layer that is used twice once, and leaves out what does nothing', () => {
    const { nodes } = diagramGraph(new Patchwork(), INPUT)
    const shared = nodes.filter(({ path }) => path === 'shared')
    expect(shared.map(({ parameters, reuses }) => [parameters, reuses])).toEqual([
      [20, false],
      [0, true]
    ])
    expect(nodes.some(({ type }) => type === 'Dropout')).toBe(false)
  })

  it.each(['resnet18', 'cifar_resnet20', 'vgg11_bn'])('adds up to the summary of %s', name => {
    const { build, inputSize } = findModel(name)
    const net = build()
    const input = [1, 3, inputSize, inputSize]
    const sum = (of: (node: DiagramNode) => number): number =>
      diagramGraph(net, input).nodes.reduce((total, node) => total + of(node), 0)
    const { parameters, multiplyAdds } = summarize(net, { input })
    expect([sum(node => node.parameters), sum(node => node.multiplyAdds)]).toEqual([parameters, multiplyAdds])
  })

  it('draws a network that passes its input on', () => {
    expect(titles(diagramGraph(new Identity(), INPUT))).toEqual(['input'])
  })

  it('draws what computes nothing from its input but a sum with it', () => {
    class Double extends Module {
      forward(x: Value): Value {
        return add(x, x)
      }
    }
    expect(titles(diagramGraph(new Double(), INPUT))).toEqual(['input', 'double'])
  })
})

describe('the plain twin', () => {
  it.each([
    ['resnet18', resnet18(), resnet18({ residual: false }), 224],
    ['resnet50', resnet50(), resnet50({ residual: false }), 224],
    ['cifar_resnet20', cifar_resnet20(), cifar_resnet20({ residual: false }), 32]
  ] as const)('of %s is drawn as what residual: false builds', (_, net, without, size) => {
    const input = [1, 3, size, size]
    expect(texts(diagramGraph(plainTwin(net, { input }), input))).toEqual(texts(diagramGraph(without, input)))
    expect(plainTwin(without, { input })).toBe(without)
  })

  it('keeps a gate that is a part of F, and takes away one that is a block', () => {
    const twin = titles(diagramGraph(plainTwin(new Patchwork(), { input: INPUT }), INPUT))
    expect(twin.filter(title => title === '×')).toHaveLength(2)
    expect(twin).not.toContain('+')
  })
})

describe('mergeFollowers', () => {
  it('keeps every parameter and multiply-add, and the order', () => {
    const graph = diagramGraph(resnet18(), [1, 3, 64, 64])
    const merged = mergeFollowers(graph)
    const sum = ({ nodes }: DiagramGraph): number => nodes.reduce((total, node) => total + node.parameters, 0)
    expect(sum(merged)).toBe(sum(graph))
    const seen = new Set<DiagramNode>()
    for (const node of merged.nodes) {
      expect(merged.sources.get(node)?.every(source => seen.has(source))).toBe(true)
      seen.add(node)
    }
    expect(titles(merged).slice(0, 6)).toEqual([
      'input',
      '7×7 conv, 64, /2, ReLU',
      '3×3 max pool, /2',
      '3×3 conv, 64, ReLU',
      '3×3 conv, 64',
      '+'
    ])
    expect(merged.nodes[5].note).toBe('ReLU')
  })
})

describe('findBlocks', () => {
  it.each([
    ['resnet18', 8, 2, ['layer1', 'layer2', 'layer3', 'layer4']],
    ['resnet50', 16, 2, ['layer1', 'layer2', 'layer3', 'layer4']],
    ['cifar_resnet20', 9, 2, ['layer1', 'layer2', 'layer3']],
    ['vgg11', 0, 0, []]
  ] as const)('finds those of %s', (name, count, kinds, stages) => {
    const { build, inputSize } = findModel(name)
    const graph = diagramGraph(build(), [1, 3, inputSize, inputSize])
    const blocks = findBlocks(graph)
    expect(blocks).toHaveLength(count)
    expect(new Set(blocks.map(block => kindOf(graph, block))).size).toBe(kinds)
    expect(findStages(blocks).map(({ path }) => path)).toEqual(stages)
  })

  it('finds sums without a module, gates, and blocks below a shortcut that reaches over them', () => {
    const found = (net: Module): (string | undefined)[] =>
      findBlocks(diagramGraph(net, INPUT)).map(
        ({ scope, join }) => `${scope?.path ?? 'network'} ${join.title}`
      )
    expect(found(new Patchwork())).toEqual(['network +', 'bare +', 'gate ×', 'blocks.0 +', 'blocks.1 +'])
    const long = new Residual(new Sequential(new SqueezeBlock(false), new SqueezeBlock(true)))
    expect(found(long)).toEqual(['body.0 +', 'body.1 +'])
  })
})
