// Res2Net: A New Multi-Scale Backbone Architecture (Gao et al. 2019, arXiv:1904.01169, figure 2b), as timm builds it
// (github.com/huggingface/pytorch-image-models, `res2net.py`). Names and keys are timm's: 26 channels a group, 4 groups: `26w_4s`.
import { checkArguments, checkOptions, positiveInteger, wholeNumber } from '../../base/options.js'
import { add } from '../../ir/functional/elementwise.js'
import { cat, chunk } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import { ModuleList } from '../../nn/layers/containers.js'
import type { Conv2d } from '../../nn/layers/convolution.js'
import { AvgPool2d } from '../../nn/layers/pooling.js'
import type { Module } from '../../nn/module/module.js'
import {
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
import { RESNET_D } from './stems.js'

/**
 * A `Bottleneck` whose 3×3 convolution is several in a row: x₁ … xₛ are groups of channels, y₁ = K₁(x₁), yᵢ = Kᵢ(xᵢ + yᵢ₋₁), and the last
 * group is carried as it is (equation 1, with the identity last). So a block sees windows of several sizes.
 */
export class Bottle2neck extends ResidualBlock {
  /** Output channels per plane. */
  static readonly expansion = 4

  readonly conv1: Conv2d
  readonly bn1: Module
  readonly convs: ModuleList
  readonly bns: ModuleList
  readonly pool: Module | undefined
  readonly conv3: Conv2d
  readonly bn3: Module
  readonly relu = new ReLU({ inplace: true })
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined
  /** The kernels in a row are one layer of the network's name. */
  readonly countsAsOne = 'convs'

  /** @param scale the number of groups, at least 2. */
  constructor(
    inPlanes: number,
    planes: number,
    options: BlockOptions = {},
    readonly scale = 4
  ) {
    super()
    checkOptions('Bottle2neck', options, BLOCK_OPTIONS)
    checkArguments('Bottle2neck', { planes, scale }, { planes: positiveInteger, scale: wholeNumber(2) })
    const { stride = 1, groups = 1, baseWidth = 26, dilation = 1, normLayer = batchNorm } = options
    const { residual = true } = options
    const width = Math.floor(planes * (baseWidth / 64)) * groups
    const outPlanes = planes * Bottle2neck.expansion
    const kernels = Array.from({ length: scale - 1 }, () =>
      conv3x3(width, width, { stride, groups, dilation })
    )
    this.conv1 = conv1x1(inPlanes, width * scale)
    this.bn1 = normLayer(width * scale)
    this.convs = new ModuleList(kernels)
    this.bns = new ModuleList(kernels.map(() => normLayer(width)))
    // A stage's first block has groups of other sizes than their results, and so adds none of them to the next one.
    const changesShape = stride !== 1 || inPlanes !== outPlanes
    this.pool = changesShape ? new AvgPool2d(3, { stride, padding: 1 }) : undefined
    this.conv3 = conv1x1(width * scale, outPlanes)
    this.bn3 = normLayer(outPlanes)
    this.downsample = residual ? options.downsample : noShortcut
  }

  override get typeName(): string {
    return 'Bottle2neck'
  }

  forward(x: Value): Value {
    const identity = this.downsample ? this.downsample(x) : x

    let out = this.relu(this.bn1(this.conv1(x)))
    out = this.transform(out)
    out = this.bn3(this.conv3(out))
    out = this.refine(out)

    out = add(out, identity) // F(x) + x
    return this.relu(out)
  }

  /** The groups, each with its own kernel. */
  private transform(x: Value): Value {
    const { pool, scale } = this
    const [convs, bns] = [[...this.convs], [...this.bns]]
    const groups = chunk(x, scale, 1)
    const last = groups[scale - 1]
    const results: Value[] = []
    for (const [i, conv] of convs.entries()) {
      const before = results.at(-1)
      const group = before && !pool ? add(before, groups[i]) : groups[i]
      results.push(this.relu(bns[i](conv(group))))
    }
    return cat([...results, pool ? pool(last) : last], 1)
  }

  zeroInitLast(): void {
    this.startAtZero(this.bn3)
  }
}

/** Blocks with so many groups. */
/* @__NO_SIDE_EFFECTS__ */
function scaled(scale: number): Block {
  return class extends Bottle2neck {
    constructor(inPlanes: number, planes: number, options?: BlockOptions) {
      super(inPlanes, planes, options, scale)
    }
  }
}

/** 25,699,120 parameters. */
export const res2net50_26w_4s = resnet('res2net50_26w_4s', scaled(4), [3, 4, 6, 3], { widthPerGroup: 26 })

/** 45,206,688 parameters. */
export const res2net101_26w_4s = resnet('res2net101_26w_4s', scaled(4), [3, 4, 23, 3], { widthPerGroup: 26 })

/** 37,051,448 parameters. */
export const res2net50_26w_6s = resnet('res2net50_26w_6s', scaled(6), [3, 4, 6, 3], { widthPerGroup: 26 })

/** 48,403,776 parameters. */
export const res2net50_26w_8s = resnet('res2net50_26w_8s', scaled(8), [3, 4, 6, 3], { widthPerGroup: 26 })

/** 25,287,304 parameters. */
export const res2net50_48w_2s = resnet('res2net50_48w_2s', scaled(2), [3, 4, 6, 3], { widthPerGroup: 48 })

/** 25,059,816 parameters. */
export const res2net50_14w_8s = resnet('res2net50_14w_8s', scaled(8), [3, 4, 6, 3], { widthPerGroup: 14 })

/** 25,718,352 parameters. */
export const res2net50d = resnet('res2net50d', scaled(4), [3, 4, 6, 3], { ...RESNET_D, widthPerGroup: 26 })

/** 45,225,920 parameters. */
export const res2net101d = resnet('res2net101d', scaled(4), [3, 4, 23, 3], { ...RESNET_D, widthPerGroup: 26 })

/** Res2NeXt: its kernels have groups, too. 24,671,464 parameters. */
export const res2next50 = resnet('res2next50', scaled(4), [3, 4, 6, 3], { groups: 8, widthPerGroup: 4 })
