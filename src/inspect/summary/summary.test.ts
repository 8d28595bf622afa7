import { describe, expect, it } from 'vitest'
import { matmul } from '../../ir/functional/linear.js'
import { transpose } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { CifarResNet } from '../../models/resnet/cifar-resnet.js'
import { findModel, MODELS } from '../../models/registry.js'
import { resnet18, resnet50 } from '../../models/resnet/resnet.js'
import { SKIPS } from '../../models/model-options.js'
import { ReLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { countLayers } from './count-layers.js'
import { INPUT, Patchwork } from '../diagram/testing/networks.js'
import { formatSummary, summarize } from './summary.js'
import { Sequential } from '../../nn/layers/containers.js'
import { GroupNorm } from '../../nn/layers/normalisation.js'

/** torchvision's metadata: parameters, and GMACs to three decimals. */
const PUBLISHED: Record<string, [number, string]> = {
  resnet18: [11_689_512, '1.814'],
  resnet34: [21_797_672, '3.664'],
  resnet50: [25_557_032, '4.089'],
  resnet101: [44_549_160, '7.801'],
  resnet152: [60_192_808, '11.514'],
  resnext50_32x4d: [25_028_904, '4.230'],
  resnext101_32x8d: [88_791_336, '16.414'],
  resnext101_64x4d: [83_455_272, '15.460'],
  wide_resnet50_2: [68_883_240, '11.398'],
  wide_resnet101_2: [126_886_696, '22.753'],
  vgg11: [132_863_336, '7.609'],
  vgg11_bn: [132_868_840, '7.609'],
  vgg13: [133_047_848, '11.308'],
  vgg13_bn: [133_053_736, '11.308'],
  vgg16: [138_357_544, '15.470'],
  vgg16_bn: [138_365_992, '15.470'],
  vgg19: [143_667_240, '19.632'],
  vgg19_bn: [143_678_248, '19.632']
}

/** Parameters and millions of multiply-adds with projections, as github.com/chenyaofo/pytorch-cifar-models lists them. */
const PUBLISHED_CIFAR: Record<number, [string, string]> = {
  20: ['0.27', '40.81'],
  32: ['0.47', '69.12'],
  44: ['0.66', '97.44'],
  56: ['0.86', '125.75']
}

describe('summarize', () => {
  it.each(Object.entries(PUBLISHED))('counts %s as torchvision publishes it', (name, published) => {
    const { build, inputSize } = findModel(name)
    const { parameters, multiplyAdds } = summarize(build(), { input: [1, 3, inputSize, inputSize] })
    expect([parameters, (multiplyAdds / 1e9).toFixed(3)]).toEqual(published)
  })

  it.each(Object.entries(PUBLISHED_CIFAR))('counts the CIFAR network of depth %s', (depth, published) => {
    const net = new CifarResNet(Number(depth), { shortcut: 'B' })
    const { parameters, multiplyAdds } = summarize(net, { input: [1, 3, 32, 32] })
    expect([parameters, multiplyAdds].map(count => (count / 1e6).toFixed(2))).toEqual(published)
  })

  it('scales with the batch and leaves frozen parameters out of the trainable ones', () => {
    const net = resnet18()
    net.conv1.requiresGrad(false)
    const one = summarize(net, { input: [1, 3, 64, 64] })
    const four = summarize(net, { input: [4, 3, 64, 64] })
    expect(four.multiplyAdds).toBe(4 * one.multiplyAdds)
    expect(one.parameters - one.trainableParameters).toBe(64 * 3 * 49)
  })

  it("counts a module's own functional work, grouped convolutions and products", () => {
    class Attention extends Module {
      conv = new Conv2d(4, 4, 3, { padding: 1, groups: 2, bias: false })
      forward(x: Value): Value {
        const y = this.conv(x)
        return matmul(y, transpose(y, 2, 3))
      }
    }
    const { rows } = summarize(new Attention(), { input: ['N', 4, 5, 6] })
    expect(rows.map(row => row.multiplyAdds)).toEqual([4 * 5 * 5 * 6, 4 * 5 * 6 * 2 * 9])
  })

  it('makes a table', () => {
    const net = new Sequential(new Conv2d(3, 8, 3), new Sequential({ act: new ReLU() }))
    expect(formatSummary(summarize(net, { input: [2, 3, 32, 32] }))).toMatchInlineSnapshot(`
      "==========================================================================
      Layer (type: name)  Output shape    Parameters  Multiply-adds  Memory (MB)
      ==========================================================================
      Sequential          [2, 8, 30, 30]          --             --           --
      ├─ Conv2d: 0        [2, 8, 30, 30]         224        388,800         0.06
      ├─ Sequential: 1    [2, 8, 30, 30]          --             --           --
      │  ├─ ReLU: act     [2, 8, 30, 30]          --             --         0.06
      ==========================================================================
      Parameters: 224
      Trainable parameters: 224
      Multiply-adds: 388,800 (0.000 G)
      Input (MB): 0.02
      Layer outputs (MB): 0.12
      Parameters (MB): 0.00
      Total (MB): 0.14
      =========================================================================="
    `)
  })
})

/** Networks of timm's that are as others, with more of the same blocks. */
const isHeavy = (name: string): boolean => findModel(name).group === 'timm' && !/10t|14t|26|50/.test(name)

describe('countLayers', () => {
  it.each([
    ['resnet18', ['18 = 1 (conv1) + 2·2 + 2·2 + 2·2 + 2·2 + 1 (fc)', '18 = 1 + (2+2+2+2)·2 + 1']],
    ['resnet50', ['50 = 1 (conv1) + 3·3 + 4·3 + 6·3 + 3·3 + 1 (fc)', '50 = 1 + (3+4+6+3)·3 + 1']],
    [
      'cifar_resnet20',
      ['20 = 1 (conv1) + 3·2 + 3·2 + 3·2 + 1 (fc)', '20 = 1 + (3+3+3)·2 + 1', '20 = 6·3 + 2']
    ],
    ['se_resnet50', ['50 = 1 (conv1) + 3·3 + 4·3 + 6·3 + 3·3 + 1 (fc)', '50 = 1 + (3+4+6+3)·3 + 1']],
    ['resnet18d', ['18 = 1 (conv1) + 2·2 + 2·2 + 2·2 + 2·2 + 1 (fc)', '18 = 1 + (2+2+2+2)·2 + 1']],
    [
      'cifar_preact_resnet164',
      ['164 = 1 (conv1) + 18·3 + 18·3 + 18·3 + 1 (fc)', '164 = 1 + (18+18+18)·3 + 1', '164 = 9·18 + 2']
    ],
    ['vgg16', ['16 = 2 + 2 + 3 + 3 + 3 (features) + 3 (classifier)']]
  ])('spells out %s', (name, sums) => {
    expect(countLayers(findModel(name).build()).sums).toEqual(sums)
  })

  // timm's names give no number, or a rounded one (ecaresnetlight, seresnextaa201d), and ResNet-RS's leave out the
  // convolution in place of the pooling.
  const counted = Object.keys(MODELS).filter(
    name => !/light|rs\d|201d|senet|^test/.test(name) && !isHeavy(name)
  )

  it.each(counted)('finds the number in the name of %s', name => {
    const layers = countLayers(findModel(name).build())
    expect(layers.total).toBe(Number(/(?:v2_|2ne\w*?)?(\d+)/.exec(name)?.[1]))
    expect(countLayers(findModel(name).build({ residual: false }))).toEqual(layers)
  })

  it.each(['resnet50', 'resnet18d', 'vgg16', 'cifar_preact_resnet164'])(
    'names every layer it counts in %s',
    name => {
      const net = findModel(name).build()
      const known = new Set(Array.from(net.namedModules(), ([path]) => path))
      const { total, terms } = countLayers(net)
      const layers = terms.flatMap(term => term.layers)
      expect(layers.filter(path => !known.has(path))).toEqual([])
      expect(new Set(layers).size).toBe(total)
      expect(terms.map(({ count, layers: { length } }) => count === length)).not.toContain(false)
    }
  )

  it.each(SKIPS)('does not count what stands on a shortcut: %s', skip => {
    expect(countLayers(new CifarResNet(20, { skip })).total).toBe(20)
  })

  it('counts any other network', () => {
    const net = new Sequential(new Conv2d(1, 1, 1), new Linear(1, 1))
    expect(countLayers(net, { input: [1, 1, 1, 1] })).toMatchObject({
      total: 2,
      sums: ['2 = 1 (convolutions) + 1 (linear)']
    })
    const convolutions = [1, 2, 3].map(() => new Conv2d(3, 3, 1))
    expect(countLayers(new Sequential(...convolutions)).sums).toEqual(['3 = 3 (convolutions)'])
    expect(countLayers(new Sequential(new ReLU())).sums).toEqual(['0 = 0'])
  })

  it('counts no projection, gate or attention, and a layer that is used twice once, in a network of one’s own', () => {
    const net = new Patchwork()
    const { sums, terms } = countLayers(net, { input: INPUT })
    expect(sums).toEqual(['6 = 1 (stem) + 1 (shared) + 1 (bare) + 2·1 + 1 (head)'])
    const layers = ['stem.0', 'shared', 'bare', 'blocks.0.conv', 'blocks.1.conv', 'head']
    expect(terms.flatMap(term => term.layers)).toEqual(layers)
  })

  it.each(['resnet50', 'se_resnet18', 'resnet18d', 'eca_resnet18', 'cbam_resnet18', 'preact_resnet18'])(
    'counts as many in the plain twin of %s',
    name => {
      const net = findModel(name).build()
      expect(countLayers(plainTwin(net))).toEqual(countLayers(net))
    }
  )

  it('counts with any normalisation', () => {
    expect(countLayers(resnet50({ normLayer: channels => new GroupNorm(32, channels) })).total).toBe(50)
  })
})

describe('a summary as people try it first', () => {
  it('takes a shape alone', () => {
    const net = new Sequential(new Conv2d(3, 4, 3), new ReLU())
    expect(summarize(net, [1, 3, 32, 32])).toEqual(summarize(net, { input: [1, 3, 32, 32] }))
    expect(() => summarize(net, [1, -3])).toThrow('summarize: input')
  })

  it('fits the columns of a terminal', () => {
    const summary = summarize(resnet18(), [1, 3, 224, 224])
    for (const width of [60, 80, 100]) {
      const table = formatSummary(summary, { width }).split('\n')
      for (const line of table) expect(line.length).toBeLessThanOrEqual(width)
    }
    expect(formatSummary(summary, { width: 60 })).toContain('MACs')
  })
})
