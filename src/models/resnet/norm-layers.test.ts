// Networks with another normalisation than batch normalisation: nothing in this package may ask which one it is.
import { describe, expect, it } from 'vitest'
import { drawDiagram } from '../../inspect/diagram/draw-diagram.js'
import { countLayers } from '../../inspect/summary/count-layers.js'
import { findJoins } from '../../ir/joins.js'
import { ReLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { FrozenBatchNorm2d, GroupNorm, LayerNorm2d } from '../../nn/layers/normalisation.js'
import { Residual } from '../../nn/layers/residual.js'
import { Sequential } from '../../nn/layers/containers.js'
import type { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { residualize } from '../../nn/rewrite/residualize.js'
import { trace } from '../../nn/trace/trace.js'
import { interpret } from '../../ir/testing/interpret.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import { manualSeed, rand } from '../../tensor/random/random.js'
import type { NormLayer } from './residual-block.js'
import { BasicBlock, Bottleneck, ResNet, resnet18, resnet50, type ResNetOptions } from './resnet.js'

const NORMS: Readonly<Record<string, NormLayer>> = {
  GroupNorm: channels => new GroupNorm(4, channels),
  LayerNorm2d: channels => new LayerNorm2d(channels),
  FrozenBatchNorm2d: channels => new FrozenBatchNorm2d(channels)
}
const input = [1, 3, 32, 32]
const small = (options: ResNetOptions): ResNet => new ResNet(Bottleneck, [1, 1, 1, 1], options)
const sums = (net: Module): number =>
  findJoins(trace(net, input).graph).filter(({ op }) => op === 'add').length

describe.each(Object.entries(NORMS))('a network with %s', (name, normLayer) => {
  it('prints, counts, is drawn, and has a plain twin', () => {
    const net = small({ normLayer })
    const asUsual = String(net).replaceAll(new RegExp(`${name}\\(.*\\)`, 'g'), 'norm')
    expect(asUsual).toBe(String(small({})).replaceAll(/BatchNorm2d\(.*\)/g, 'norm'))
    expect(countLayers(net).total).toBe(14)
    expect(drawDiagram(net, { input })).toContain(name === 'FrozenBatchNorm2d' ? 'batch norm' : name)
    const twin = plainTwin(net)
    expect(String(twin)).toBe(String(small({ normLayer, residual: false })))
    expect([sums(net), sums(twin)]).toEqual([4, 0])
  })

  it('is found by residualize, and before the first convolution of a body', () => {
    const conv = (): Conv2d => new Conv2d(4, 4, 3, { padding: 1 })
    const stack = new Sequential(conv(), normLayer(4), new ReLU(), conv(), normLayer(4), new ReLU())
    expect(Array.from(residualize(stack), ({ typeName }) => typeName)).toEqual(['Residual', 'ReLU'])
    expect(String(plainTwin(residualize(stack)))).toBe(String(stack))
    const body = new Sequential(normLayer(4), new ReLU(), new Conv2d(4, 8, 1, { stride: 2 }))
    expect(String(new Residual(body).shortcut)).toContain('Conv2d(4, 8, kernel_size=(1, 1), stride=(2, 2)')
  })
})

describe('zeroInitResidual', () => {
  it.each(['GroupNorm', 'LayerNorm2d'])('starts every block as the identity with %s', name => {
    manualSeed(1)
    const block = new BasicBlock(8, 8, { normLayer: NORMS[name] })
    block.zeroInitLast()
    const x = rand([2, 8, 5, 5])
    const expected = { data: Float64Array.from(x.data), shape: x.shape }
    expectClose(interpret(trace(block, [2, 8, 5, 5]).graph, { x }).logits, expected, 0)
    expect(() => small({ normLayer: NORMS[name], zeroInitResidual: true })).not.toThrow()
  })

  it('says it of a normalisation that does not learn', () => {
    expect(() => small({ normLayer: NORMS.FrozenBatchNorm2d, zeroInitResidual: true })).toThrow(
      "zeroInitResidual: the last layer of Bottleneck's F is FrozenBatchNorm2d, expected a layer with a weight that learns"
    )
  })
})

it('loads what batch normalisation learnt into what is frozen', () => {
  const net = resnet18({ normLayer: NORMS.FrozenBatchNorm2d })
  const trained = resnet18().stateDict()
  expect(net.loadStateDict(trained).unexpectedKeys).toEqual([])
  expect([...net.stateDict().keys()]).toEqual(
    [...trained.keys()].filter(key => !key.endsWith('num_batches_tracked'))
  )
  expect(Array.from(resnet50({ normLayer: NORMS.FrozenBatchNorm2d }).namedParameters())).toHaveLength(54 + 1)
})
