// ResNeSt: Split-Attention Networks (Zhang et al. 2020, arXiv:2004.08955, figure 2), as timm builds it
// (github.com/huggingface/pytorch-image-models, `resnest.py`, `split_attn.py`). Names and keys are timm's.
import { checkArguments, checkOptions, positiveInteger, type OptionsOf } from '../../base/options.js'
import { add, mul, sigmoid } from '../../ir/functional/elementwise.js'
import { mean, softmax } from '../../ir/functional/reduction.js'
import { chunk, permute, reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { AvgPool2d } from '../../nn/layers/pooling.js'
import { Module } from '../../nn/module/module.js'
import {
  aNormLayer,
  batchNorm,
  BLOCK_OPTIONS,
  conv1x1,
  conv3x3,
  noShortcut,
  ResidualBlock,
  type Block,
  type BlockOptions,
  type Shortcut
} from './residual-block.js'
import { resnet } from './resnet.js'
import { RESNET_D, wideStem } from './stems.js'

const SPLITS = {
  /** The paper's cardinality, K; default 1. */
  groups: positiveInteger,
  /** Splits of each group, R; default 2. */
  radix: positiveInteger,
  /** Of the convolution; default 1. */
  dilation: positiveInteger,
  /** Makes the normalisations; default `BatchNorm2d`. */
  normLayer: aNormLayer
}

/** Options of `SplitAttention`. */
export interface SplitAttentionOptions extends OptionsOf<typeof SPLITS> {}

/**
 * A 3×3 convolution to several splits of all channels, of which each channel takes a weighted mean: the weights are a softmax over the
 * splits, from the averages of their sum (equations 1 and 2). Shape: (N, channels, H, W) → the same.
 */
export class SplitAttention extends Module {
  readonly conv: Conv2d
  readonly bn0: Module
  readonly fc1: Conv2d
  readonly bn1: Module
  readonly fc2: Conv2d
  readonly relu = new ReLU({ inplace: true })
  private readonly groups: number
  private readonly radix: number

  constructor(channels: number, options: SplitAttentionOptions = {}) {
    super()
    checkOptions('SplitAttention', options, SPLITS)
    checkArguments('SplitAttention', { channels }, { channels: positiveInteger })
    const { groups = 1, radix = 2, dilation = 1, normLayer = batchNorm } = options
    // A quarter, at least 32 and a multiple of 8.
    const squeezed = Math.max(32, Math.floor((channels * radix * 0.25 + 4) / 8) * 8)
    this.groups = groups
    this.radix = radix
    this.conv = conv3x3(channels, channels * radix, { groups: groups * radix, dilation })
    this.bn0 = normLayer(channels * radix)
    this.fc1 = new Conv2d(channels, squeezed, 1, { groups })
    this.bn1 = normLayer(squeezed)
    this.fc2 = new Conv2d(squeezed, channels * radix, 1, { groups })
  }

  override get typeName(): string {
    return 'SplitAttn'
  }

  forward(x: Value): Value {
    const splits = chunk(this.relu(this.bn0(this.conv(x))), this.radix, 1)
    const averages = mean(splits.reduce(add), [2, 3], { keepDim: true })
    const scores = this.fc2(this.relu(this.bn1(this.fc1(averages))))
    const weights = this.weigh(scores)
    return splits.map((split, r) => mul(split, weights[r])).reduce(add)
  }

  /** For each split the weights of its channels, each (N, channels, 1, 1). */
  private weigh(scores: Value): Value[] {
    const { radix, groups } = this
    // Of a single split, there is nothing to choose.
    if (radix === 1) return [sigmoid(scores)]
    const channels = this.fc1.inChannels
    // The scores have groups before splits.
    const bySplit = permute(reshape(scores, [-1, groups, radix, channels / groups]), [0, 2, 1, 3])
    return chunk(softmax(bySplit, 1), radix, 1).map(each => reshape(each, [-1, channels, 1, 1]))
  }
}

/** A `Bottleneck` with split attention for its 3×3 convolution, and an average where that would be strided. */
export class ResNestBottleneck extends ResidualBlock {
  /** Output channels per plane. */
  static readonly expansion = 4

  readonly conv1: Conv2d
  readonly bn1: Module
  readonly avd_first: Module | undefined
  readonly conv2: SplitAttention
  readonly avd_last: Module | undefined
  readonly conv3: Conv2d
  readonly bn3: Module
  readonly relu = new ReLU({ inplace: true })
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined
  /** The convolution and its attention are one layer of the network's name. */
  readonly countsAsOne = 'conv2'

  /**
   * @param radix splits of each group.
   * @param poolsFirst whether the average comes before the convolution.
   */
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}, radix = 2, poolsFirst = false) {
    super()
    checkOptions('ResNestBottleneck', options, BLOCK_OPTIONS)
    checkArguments(
      'ResNestBottleneck',
      { planes, radix },
      { planes: positiveInteger, radix: positiveInteger }
    )
    const { stride = 1, groups = 1, baseWidth = 64, dilation = 1, normLayer = batchNorm } = options
    const { residual = true } = options
    const width = Math.trunc(planes * (baseWidth / 64)) * groups
    const outPlanes = planes * ResNestBottleneck.expansion
    const pool = stride > 1 ? new AvgPool2d(3, { stride, padding: 1 }) : undefined
    this.conv1 = conv1x1(inPlanes, width)
    this.bn1 = normLayer(width)
    this.avd_first = poolsFirst ? pool : undefined
    this.conv2 = new SplitAttention(width, { groups, radix, dilation, normLayer })
    this.avd_last = poolsFirst ? undefined : pool
    this.conv3 = conv1x1(width, outPlanes)
    this.bn3 = normLayer(outPlanes)
    this.downsample = residual ? options.downsample : noShortcut
  }

  override get typeName(): string {
    return 'ResNestBottleneck'
  }

  forward(x: Value): Value {
    const identity = this.downsample ? this.downsample(x) : x

    let out = this.relu(this.bn1(this.conv1(x)))
    if (this.avd_first) out = this.avd_first(out)
    out = this.conv2(out)
    if (this.avd_last) out = this.avd_last(out)
    out = this.bn3(this.conv3(out))
    out = this.refine(out)

    out = add(out, identity) // F(x) + x
    return this.relu(out)
  }

  zeroInitLast(): void {
    this.startAtZero(this.bn3)
  }
}

/** Blocks with so many splits of each group. */
/* @__NO_SIDE_EFFECTS__ */
function split(radix: number, poolsFirst = false): Block {
  return class extends ResNestBottleneck {
    constructor(inPlanes: number, planes: number, options?: BlockOptions) {
      super(inPlanes, planes, options, radix, poolsFirst)
    }
  }
}

const E = { stem: wideStem, avgDown: true } as const

/** 10,611,688 parameters. */
export const resnest14d = resnet('resnest14d', split(2), [1, 1, 1, 1], RESNET_D)

/** 17,069,448 parameters. */
export const resnest26d = resnet('resnest26d', split(2), [2, 2, 2, 2], RESNET_D)

/** The paper's ResNeSt-50. 27,483,240 parameters. */
export const resnest50d = resnet('resnest50d', split(2), [3, 4, 6, 3], RESNET_D)

/** The paper's ResNeSt-101. 48,275,016 parameters. */
export const resnest101e = resnet('resnest101e', split(2), [3, 4, 23, 3], E)

/** The paper's ResNeSt-200. 70,201,544 parameters. */
export const resnest200e = resnet('resnest200e', split(2), [3, 24, 36, 3], E)

/** The paper's ResNeSt-269. 110,929,480 parameters. */
export const resnest269e = resnet('resnest269e', split(2), [3, 30, 48, 8], E)

/** Four splits of each of two groups, 40 channels wide. 30,417,592 parameters. */
export const resnest50d_4s2x40d = resnet('resnest50d_4s2x40d', split(4, true), [3, 4, 6, 3], {
  ...RESNET_D,
  groups: 2,
  widthPerGroup: 40
})

/** One split of each of four groups, 24 channels wide. 25,677,000 parameters. */
export const resnest50d_1s4x24d = resnet('resnest50d_1s4x24d', split(1, true), [3, 4, 6, 3], {
  ...RESNET_D,
  groups: 4,
  widthPerGroup: 24
})
