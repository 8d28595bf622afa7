// ResNet variants: published sizes, outputs against torch, export, loading and saving. The outputs of the registry's
// variants are compared in slow/relatives.test.ts, their text and state dicts in models.test.ts.
import { describe, expect, it } from 'vitest'
import {
  BasicBlock,
  cifar_resnet8,
  createTrainer,
  manualSeed,
  rand,
  ResNet,
  resnet18,
  sgd,
  type Module
} from 'resnet-ts'
import {
  cifar_preact_resnet20,
  CifarPreActResNet,
  findModel,
  SEBottleneck,
  se_resnet50,
  SKIPS
} from 'resnet-ts/models'
import { EfficientChannelAttention, StochasticDepth, trace } from 'resnet-ts/nn'
import {
  allRelativeGoldens,
  expectRelative,
  relativeGoldens,
  relativeNames
} from './support/relative-goldens.js'
import { SMALL_RELATIVES } from './support/small-relatives.js'

const ONCE = [1, 1, 1, 1] as const
const TEN = { numClasses: 10 }
const byName = (name: string): Module => findModel(name).build(TEN)

describe('a seeded relative prints, holds and computes what torch does, and its gradients are torch’s:', () => {
  const goldens = relativeGoldens('relatives-small.json')

  it('covers every golden network', () => {
    const small = Object.keys(goldens).filter(name => !name.endsWith('_resnet18'))
    expect(Object.keys(SMALL_RELATIVES).sort()).toEqual(small.sort())
  })

  it.each(Object.entries(SMALL_RELATIVES))('%s', async (name, make) => {
    manualSeed(0)
    await expectRelative(name, make(), goldens[name])
  })
})

it('every relative in the registry has logits and gradients of torch’s to be compared with', () => {
  const goldens = allRelativeGoldens()
  expect(relativeNames().filter(name => !goldens[name])).toEqual([])
})

/** From the papers, from timm, or from counting by hand; exact. */
const PUBLISHED: Readonly<Record<string, number>> = {
  se_resnet50: 28_088_024,
  se_resnet101: 49_326_872,
  se_resnet152: 66_821_848,
  cbam_resnet18: 11_779_392,
  cbam_resnet34: 21_960_468,
  cbam_resnet50: 28_089_624,
  eca_resnet50: 25_557_032 + 3 * 5 + 4 * 5 + 6 * 5 + 3 * 7,
  preact_resnet50: 25_549_352,
  preact_resnet101: 44_541_480,
  preact_resnet152: 60_185_128,
  resnet50c: 25_576_264,
  resnet18d: 11_708_744,
  resnet34d: 21_816_904,
  resnet50d: 25_576_264,
  resnet101d: 44_568_392,
  resnet152d: 60_212_040,
  cifar_preact_resnet110: 1_727_962,
  cifar_preact_resnet164: 1_703_258
}

it.each(Object.entries(PUBLISHED))('%s has %i parameters', (name, parameters) => {
  const shapes = Array.from(findModel(name).build().parameters(), ({ shape }) => shape)
  const count = shapes.reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0)
  expect(count).toBe(parameters)
})

describe('keys', () => {
  it.each([
    ['se_resnet18', 'layer1.0.se.fc1.weight', [4, 64, 1, 1]],
    ['se_resnet50', 'layer4.2.se.fc2.bias', [2048]],
    ['cbam_resnet18', 'layer2.0.cbam.ChannelGate.mlp.1.weight', [8, 128]],
    ['cbam_resnet18', 'layer1.1.cbam.SpatialGate.spatial.conv.weight', [1, 2, 7, 7]],
    ['cbam_resnet18', 'layer1.1.cbam.SpatialGate.spatial.bn.running_var', [1]],
    ['eca_resnet50', 'layer4.0.eca.conv.weight', [1, 1, 7]],
    ['resnet50d', 'conv1.6.weight', [64, 32, 3, 3]],
    ['resnet50d', 'layer2.0.downsample.1.weight', [512, 256, 1, 1]]
  ])('of %s: %s', (name, key, shape) => {
    const net = byName(name)
    // Shapes are known before values are drawn.
    expect(
      new Map<string, { shape: readonly number[] }>([...net.namedParameters(), ...net.namedBuffers()]).get(
        key
      )?.shape
    ).toEqual(shape)
  })

  it('of channel attention, as many as in the paper', () => {
    const sizes = [16, 64, 128, 256, 512, 1024, 2048].map(
      channels => new EfficientChannelAttention(channels).conv.kernelSize
    )
    expect(sizes).toEqual([3, 3, 5, 5, 5, 5, 7])
  })
})

describe('the shortcut', () => {
  it('is the identity by default', () => {
    expect(String(cifar_resnet8({ skip: 'identity' }))).toBe(String(cifar_resnet8()))
    expect(new Set(SKIPS.map(skip => String(cifar_resnet8({ skip })))).size).toBe(SKIPS.length)
  })

  it('initialises gates to the given openness', () => {
    const biases = (net: Module): number[] =>
      [...net.stateDict()].filter(([key]) => key.endsWith('gate.bias')).map(([, { data }]) => Number(data[0]))
    expect(biases(cifar_resnet8({ skip: 'exclusive-gate' }))).toEqual([-6, -6, -6])
    expect(biases(cifar_resnet8({ skip: 'shortcut-gate', gateBias: 0 }))).toEqual([0, 0, 0])
  })

  it('refuses options without a shortcut or a gate, and unknown kinds', () => {
    expect(() => cifar_resnet8({ skip: 'half', residual: false })).toThrow(
      "skip: a network without shortcuts (residual: false) has none for 'half'"
    )
    expect(() => cifar_resnet8({ skip: 'half', gateBias: 1 })).toThrow('gateBias: there are no gates')
    expect(() => cifar_resnet8({ skip: 'wire' as 'half' })).toThrow(
      "skip: expected 'identity', 'half', 'exclusive-gate', 'shortcut-gate', 'conv1x1', 'dropout' or 'product', got 'wire'"
    )
    expect(() => cifar_resnet8({ skip: 'product', zeroInitResidual: true })).toThrow(
      'zeroInitResidual: without F, the sum F(x) + x is x, but the product'
    )
    expect(() => cifar_resnet8({ skip: 'product', stochasticDepth: 0.5 })).toThrow(
      'stochasticDepth: without F'
    )
  })
})

describe('stochastic depth', () => {
  it('drops later blocks more often, linearly', () => {
    const net = resnet18({ stochasticDepth: 0.4 })
    const found = [...net.modules()].filter(module => module instanceof StochasticDepth)
    expect(found.map(({ p }) => Number(p.toFixed(6)))).toEqual([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
    expect(String(net)).toContain('(stochastic_depth): StochasticDepth(p=0.05, mode=row)')
    expect(() => resnet18({ stochasticDepth: 1.5 })).toThrow(
      'stochasticDepth: expected a number from 0 to 1, got 1.5'
    )
  })

  it('draws at every training step, independently of dropout on the shortcut', async () => {
    manualSeed(0)
    const nets = [
      cifar_resnet8({ stochasticDepth: 0.5, inChannels: 1 }),
      cifar_resnet8({ skip: 'dropout', inChannels: 1 })
    ]
    for (const net of nets) {
      await using trainer = await createTrainer(net, { optimizer: sgd({ lr: 0 }), seed: 1 })
      const batch = { images: rand([8, 1, 8, 8]), labels: [0, 1, 2, 3, 4, 5, 6, 7] }
      const losses = new Set<number>()
      for (let step = 0; step < 4; step++) losses.add((await trainer.step(batch)).loss)
      expect(losses.size).toBe(4)
    }
  })

  it('changes nothing in evaluation', () => {
    const ops = (net: Module): string[] =>
      trace(net, ['N', 3, 32, 32]).graph.values.map(({ origin }) => (origin.kind === 'node' ? origin.op : ''))
    expect(ops(cifar_resnet8({ stochasticDepth: 0.5 }))).toEqual(ops(cifar_resnet8()))
    expect(ops(cifar_preact_resnet20({ stochasticDepth: 0.5 }))).toEqual(ops(cifar_preact_resnet20()))
  })
})

describe('starting as the identity', () => {
  it('zero-initialises the last layer of F, whatever follows it', () => {
    const zeroed = (net: Module): string[] =>
      [...net.namedParameters()]
        .filter(([key, { data }]) => /\d\.(bn|conv)\d\.weight/.test(key) && data.data.every(v => v === 0))
        .map(([key]) => key)
    expect(zeroed(new ResNet(SEBottleneck, ONCE, { ...TEN, zeroInitResidual: true }))).toEqual(
      [1, 2, 3, 4].map(stage => `layer${stage}.0.bn3.weight`)
    )
    expect(zeroed(new CifarPreActResNet(8, { zeroInitResidual: true }))).toEqual(
      [1, 2, 3].map(stage => `layer${stage}.0.conv2.weight`)
    )
  })
})

describe('a block that does not fit', () => {
  it('is named with both branches and their shapes', () => {
    expect(() => trace(new BasicBlock(16, 32, { stride: 2 }), ['N', 16, 8, 8])).toThrow(
      'add: F(x) is [N, 32, 4, 4], x is [N, 16, 8, 8]: they cannot be added; F changes the channels and size, so x needs a projection'
    )
    const net = se_resnet50()
    net.layer2.at(0)?.eval()
    expect(() => trace(net, ['N', 3, 32, 32])).not.toThrow()
  })

  it('of CIFAR depths there are none', () => {
    expect(() => new CifarPreActResNet(21)).toThrow('expected a depth of 6n + 2 (20, 56, 110, …)')
    expect(() => new CifarPreActResNet(20, { bottleneck: true })).not.toThrow()
    expect(() => new CifarPreActResNet(26, { bottleneck: true })).toThrow('got 26')
  })
})
