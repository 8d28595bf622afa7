// Deep Residual Learning for Image Recognition (He, Zhang, Ren, Sun 2015, arXiv:1512.03385), as torchvision builds it,
// with its relatives: ResNeXt (arXiv:1611.05431) groups the 3×3 convolutions, Wide ResNet (arXiv:1605.07146) widens them.
// Field names are torchvision's, so its checkpoints fit key by key.
import {
  aBoolean,
  aFunction,
  checkArguments,
  checkOptions,
  listOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { add } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import { type Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { AdaptiveAvgPool2d } from '../../nn/layers/pooling.js'
import type { Sequential } from '../../nn/layers/containers.js'
import type { Module } from '../../nn/module/module.js'
import { ResnetError } from '../../base/errors.js'
import { FcClassifier } from '../head.js'
import { aMaker, builder, RESIDUAL_OPTIONS } from '../builder.js'
import {
  batchNorm,
  BLOCK_OPTIONS,
  conv1x1,
  conv3x3,
  initialise,
  noShortcut,
  ResidualBlock,
  type Block,
  type BlockOptions,
  type Shortcut
} from './residual-block.js'
import { makeLayer, planStages, STAGE_OPTIONS } from './stages.js'
import { maxPool, plainStem, type Stem, type StemPool } from './stems.js'

/** Two 3×3 convolutions and a shortcut: the block of ResNet-18 and 34 (the paper's figure 5, left). */
export class BasicBlock extends ResidualBlock {
  /** Output channels per plane. */
  static readonly expansion = 1

  readonly conv1: Conv2d
  readonly bn1: Module
  readonly relu = new ReLU({ inplace: true })
  readonly conv2: Conv2d
  readonly bn2: Module
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined

  /** @throws ResnetError for groups, widths or dilations, which only a Bottleneck has. */
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    super()
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { stride = 1, groups = 1, baseWidth = 64, dilation = 1, normLayer = batchNorm } = options
    const { residual = true } = options
    if (groups !== 1 || baseWidth !== 64) {
      throw new ResnetError('BasicBlock: only groups = 1 and widthPerGroup = 64 are possible')
    }
    if (dilation > 1) throw new ResnetError('BasicBlock: dilation is only possible in a Bottleneck')
    this.conv1 = conv3x3(inPlanes, planes, { stride })
    this.bn1 = normLayer(planes)
    this.conv2 = conv3x3(planes, planes)
    this.bn2 = normLayer(planes)
    this.downsample = residual ? options.downsample : noShortcut
  }

  forward(x: Value): Value {
    const identity = this.downsample ? this.downsample(x) : x

    let out = this.relu(this.bn1(this.conv1(x)))
    out = this.bn2(this.conv2(out))
    out = this.refine(out) // not in the paper: attention, or dropping in training

    out = add(out, identity) // F(x) + x
    return this.relu(out)
  }

  zeroInitLast(): void {
    this.startAtZero(this.bn2)
  }
}

/** 1×1 down, 3×3, 1×1 up and a shortcut: the block of ResNet-50 and deeper (the paper's figure 5, right). */
export class Bottleneck extends ResidualBlock {
  /** Output channels per plane. */
  static readonly expansion = 4

  readonly conv1: Conv2d
  readonly bn1: Module
  readonly conv2: Conv2d
  readonly bn2: Module
  readonly conv3: Conv2d
  readonly bn3: Module
  readonly relu = new ReLU({ inplace: true })
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined

  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    super()
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { stride = 1, groups = 1, baseWidth = 64, dilation = 1, normLayer = batchNorm } = options
    const { residual = true } = options
    checkArguments(new.target.name, { planes }, { planes: positiveInteger })
    const width = Math.trunc(planes * (baseWidth / 64)) * groups
    const outPlanes = planes * Bottleneck.expansion
    // The paper strides in the first 1×1; torchvision in the 3×3 ("ResNet v1.5"), for half a percent more accuracy.
    this.conv1 = conv1x1(inPlanes, width)
    this.bn1 = normLayer(width)
    this.conv2 = conv3x3(width, width, { stride, groups, dilation })
    this.bn2 = normLayer(width)
    this.conv3 = conv1x1(width, outPlanes)
    this.bn3 = normLayer(outPlanes)
    this.downsample = residual ? options.downsample : noShortcut
  }

  forward(x: Value): Value {
    const identity = this.downsample ? this.downsample(x) : x

    let out = this.relu(this.bn1(this.conv1(x)))
    out = this.relu(this.bn2(this.conv2(out)))
    out = this.bn3(this.conv3(out))
    out = this.refine(out)

    out = add(out, identity) // F(x) + x
    return this.relu(out)
  }

  zeroInitLast(): void {
    this.startAtZero(this.bn3)
  }
}

export const RESNET_ARGUMENTS = { block: aFunction(), layers: listOf(positiveInteger, 4) }

const RESNET_OPTIONS = {
  ...RESIDUAL_OPTIONS,
  ...STAGE_OPTIONS,
  /** For stages 2, 3 and 4: keep the resolution and dilate instead of striding; default none. */
  replaceStrideWithDilation: listOf(aBoolean, 3),
  /** The first layers; default a 7×7 convolution. See `deepStem` for ResNet-C's three 3×3. */
  stem: aMaker<Stem>('deepStem'),
  /** The pooling after the stem; default the largest of 3×3. See `convPool` for ResNet-RS's convolution. */
  stemPool: aMaker<StemPool>('convPool')
}

/** Options of `ResNet`, with torchvision's names and defaults. */
export interface ResNetOptions extends OptionsOf<typeof RESNET_OPTIONS> {}

/**
 * A residual network: a stem, four stages of blocks, average pooling, a linear layer.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses); the published weights were trained at 224 × 224.
 * The name counts layers with weights: 18 = 1 + 2·(2+2+2+2) + 1, 50 = 1 + 3·(3+4+6+3) + 1.
 */
export class ResNet extends FcClassifier {
  readonly conv1: Module
  readonly bn1: Module
  readonly relu = new ReLU({ inplace: true })
  readonly maxpool: Module
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly layer4: Sequential
  readonly avgpool = new AdaptiveAvgPool2d([1, 1])
  fc: Linear

  /** @param layers blocks per stage. */
  constructor(block: Block, layers: readonly [number, number, number, number], options: ResNetOptions = {}) {
    super()
    checkOptions(new.target.name, options, RESNET_OPTIONS)
    checkArguments(new.target.name, { block, layers }, RESNET_ARGUMENTS)
    const { numClasses = 1000, inChannels = 3, normLayer = batchNorm, stem = plainStem } = options
    const { replaceStrideWithDilation = [false, false, false], stemPool = maxPool } = options
    const [stage1, stage2, stage3, stage4] = planStages(replaceStrideWithDilation)
    const { expansion } = block
    const { channels = 64 } = stem
    this.conv1 = stem(inChannels, normLayer)
    this.bn1 = normLayer(channels)
    this.maxpool = stemPool(channels, normLayer)
    this.layer1 = makeLayer(block, [channels, 64], layers[0], stage1, options)
    this.layer2 = makeLayer(block, [64 * expansion, 128], layers[1], stage2, options)
    this.layer3 = makeLayer(block, [128 * expansion, 256], layers[2], stage3, options)
    this.layer4 = makeLayer(block, [256 * expansion, 512], layers[3], stage4, options)
    this.fc = new Linear(512 * expansion, numClasses)
    initialise(this, false, options)
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  forwardFeatures(x: Value): Value {
    x = this.relu(this.bn1(this.conv1(x)))
    x = this.maxpool(x)

    x = this.layer1(x)
    x = this.layer2(x)
    x = this.layer3(x)
    return this.layer4(x)
  }
}

/** What makes a network of the family. */
export interface ResNetBuilder {
  (options?: ResNetOptions): ResNet
  /** Blocks per stage. */
  readonly layers: readonly number[]
}

/** A network of the family by its name; `options` are those that make it this one. */
/* @__NO_SIDE_EFFECTS__ */
export function resnet(
  name: string,
  block: Block,
  layers: readonly [number, number, number, number],
  options: ResNetOptions = {}
): ResNetBuilder {
  const make = builder(name, RESNET_OPTIONS, options, all => new ResNet(block, layers, all))
  return Object.assign(make, { layers })
}

/** ResNet-18 (torchvision: `resnet18`). 11,689,512 parameters. */
export const resnet18 = resnet('resnet18', BasicBlock, [2, 2, 2, 2])

/** ResNet-34 (torchvision: `resnet34`). 21,797,672 parameters. */
export const resnet34 = resnet('resnet34', BasicBlock, [3, 4, 6, 3])

/** ResNet-50 (torchvision: `resnet50`). 25,557,032 parameters. */
export const resnet50 = resnet('resnet50', Bottleneck, [3, 4, 6, 3])

/** ResNet-101 (torchvision: `resnet101`). 44,549,160 parameters. */
export const resnet101 = resnet('resnet101', Bottleneck, [3, 4, 23, 3])

/** ResNet-152 (torchvision: `resnet152`). 60,192,808 parameters. */
export const resnet152 = resnet('resnet152', Bottleneck, [3, 8, 36, 3])

/** ResNeXt-50, 32 groups of width 4 (torchvision: `resnext50_32x4d`). */
export const resnext50_32x4d = resnet('resnext50_32x4d', Bottleneck, [3, 4, 6, 3], {
  groups: 32,
  widthPerGroup: 4
})

/** ResNeXt-101, 32 groups of width 8 (torchvision: `resnext101_32x8d`). */
export const resnext101_32x8d = resnet('resnext101_32x8d', Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 8
})

/** ResNeXt-101, 64 groups of width 4 (torchvision: `resnext101_64x4d`). */
export const resnext101_64x4d = resnet('resnext101_64x4d', Bottleneck, [3, 4, 23, 3], {
  groups: 64,
  widthPerGroup: 4
})

/** Wide ResNet-50-2: inner channels doubled (torchvision: `wide_resnet50_2`). */
export const wide_resnet50_2 = resnet('wide_resnet50_2', Bottleneck, [3, 4, 6, 3], { widthPerGroup: 128 })

/** Wide ResNet-101-2: inner channels doubled (torchvision: `wide_resnet101_2`). */
export const wide_resnet101_2 = resnet('wide_resnet101_2', Bottleneck, [3, 4, 23, 3], { widthPerGroup: 128 })
