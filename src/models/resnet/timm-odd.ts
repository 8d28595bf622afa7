// timm's residual networks whose widths follow no rule: two that were pruned (Knapsack Pruning with Inner Distillation, Aflalo
// et al. 2020, arXiv:2002.08258), and the one that timm tests with.
import { Linear } from '../../nn/layers/linear.js'
import { Module } from '../../nn/module/module.js'
import { AttentiveBottleneck } from './timm-attention.js'
import { batchNorm, conv1x1, conv3x3, initialise } from './residual-block.js'
import {
  BasicBlock,
  Bottleneck,
  resnet,
  type ResNet,
  type ResNetBuilder,
  type ResNetOptions
} from './resnet.js'
import { averageAndProject, makeLayer, planStages } from './stages.js'
import { RESNET_D, smallStem } from './stems.js'

type Stages = readonly [number, number, number, number]

/** A stage's width, and those of the first two convolutions of each of its blocks. */
type Widths = readonly [stage: number, blocks: string]

/** A network that another one is changed into. */
/* @__NO_SIDE_EFFECTS__ */
function changed(make: ResNetBuilder, change: (net: ResNet, options: ResNetOptions) => void): ResNetBuilder {
  const build = (options: ResNetOptions = {}): ResNet => {
    // Blocks that are replaced afterwards have no stride to move before.
    const isGiven = typeof options === 'object' && (options as ResNetOptions | null) !== null
    const net = make(isGiven ? { ...options, strideIn1x1: false } : options)
    change(net, options)
    initialise(net, false, options)
    return net
  }
  return Object.assign(Object.defineProperty(build, 'name', { value: make.name }), { layers: make.layers })
}

/* @__NO_SIDE_EFFECTS__ */
function pruned(name: string, layers: Stages, widths: readonly Widths[]): ResNetBuilder {
  return changed(resnet(name, AttentiveBottleneck, layers, RESNET_D), (net, options) => {
    const { normLayer = batchNorm } = options
    let inPlanes = 64
    for (const [at, [width, inner]] of widths.entries()) {
      const blocks = [net.layer1, net.layer2, net.layer3, net.layer4][at]
      const sizes = inner.split(' ').map(each => each.split(',').map(Number))
      for (const [index, block] of [...blocks].entries()) {
        if (!(block instanceof Bottleneck)) continue
        const [first, second] = sizes[index]
        const [stride] = block.conv2.stride
        const { downsample } = block
        Object.assign(block, {
          conv1: conv1x1(inPlanes, first),
          bn1: normLayer(first),
          conv2: conv3x3(first, second, { stride, dilation: block.conv2.dilation[0] }),
          bn2: normLayer(second),
          conv3: conv1x1(second, width),
          bn3: normLayer(width),
          ...(downsample instanceof Module && {
            downsample: averageAndProject(inPlanes, width, stride, normLayer)
          })
        })
        inPlanes = width
      }
    }
    net.fc = new Linear(inPlanes, net.fc.outFeatures)
  })
}

/** 19,939,713 parameters. */
export const ecaresnet50d_pruned = pruned(
  'ecaresnet50d_pruned',
  [3, 4, 6, 3],
  [
    [19, '47,18 52,22 64,35'],
    [171, '85,37 107,80 120,85 125,87'],
    [818, '198,126 255,232 256,233 253,235 256,225 256,239'],
    [2022, '492,237 512,500 512,490']
  ]
)

/** 24,876,040 parameters. */
export const ecaresnet101d_pruned = pruned(
  'ecaresnet101d_pruned',
  [3, 4, 23, 3],
  [
    [26, '45,25 53,20 60,27'],
    [142, '81,24 93,49 102,54 122,78'],
    [
      278,
      '101,25 239,160 234,156 250,176 253,191 251,175 230,128 244,154 244,159 238,97 244,149 253,181 245,119 255,216 ' +
        '256,201 253,149 254,141 256,190 256,217 255,156 256,155 256,232 256,214'
    ],
    [2042, '499,289 512,512 512,502']
  ]
)

/** 469,688 parameters: small enough for tests, with blocks of both kinds. */
export const test_resnet = changed(
  resnet('test_resnet', BasicBlock, [1, 1, 1, 1], { stem: smallStem, avgDown: true }),
  (net, options) => {
    const [stage1, stage2, stage3, stage4] = planStages(
      options.replaceStrideWithDilation ?? [false, false, false]
    )
    const all = { ...options, avgDown: true }
    const width = 48 * Bottleneck.expansion
    Object.assign(net, {
      layer1: makeLayer(BasicBlock, [32, 32], 1, stage1, all),
      layer2: makeLayer(BasicBlock, [32, 48], 1, stage2, all),
      layer3: makeLayer(Bottleneck, [48, 48], 1, stage3, all),
      layer4: makeLayer(BasicBlock, [width, 96], 1, stage4, all),
      fc: new Linear(96, net.fc.outFeatures)
    })
  }
)
