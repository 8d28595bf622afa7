// Blocks with what the papers after ResNet's add to F: attention at its end, smoothing before it halves the image, and a
// narrower beginning. Keys are timm's (`layer1.0.se.fc1.weight`), whatever the attention.
import {
  aFunction,
  checkArguments,
  checkOptions,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { ResnetError } from '../../base/errors.js'
import { add } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { AvgPool2d } from '../../nn/layers/pooling.js'
import { BlurPool2d } from '../../nn/layers/blur-pool.js'
import { EfficientChannelAttention, SqueezeExcitation } from '../../nn/layers/attention.js'
import type { Module } from '../../nn/module/module.js'
import { aMaker } from '../builder.js'
import { batchNorm, conv1x1, conv3x3, type Block, type BlockOptions } from './residual-block.js'
import { BasicBlock, Bottleneck } from './resnet.js'

const DESIGN = {
  /** Makes the attention at the end of F, for the channels of its output; default none. */
  attention: aMaker<(channels: number) => Module>(
    'channels => new SqueezeExcitation(channels, channels / 16)'
  ),
  /** Makes what halves the image in place of the strided convolution (arXiv:1904.11486), for its channels; default none. */
  antiAlias: aMaker<(channels: number) => Module>('channels => new BlurPool2d(channels)'),
  /** By how much the first convolution of a `Bottleneck` is narrower than the second; default 1. SENet-154 has 2. */
  reduceFirst: positiveInteger
}

/** What `blockWith` adds to a block. */
export interface BlockDesign extends OptionsOf<typeof DESIGN> {}

/**
 * The kind of blocks that is another one with attention, with anti-aliasing, or with both.
 * @throws ResnetError for other blocks than `BasicBlock` and `Bottleneck`.
 * @example
 * const block = blockWith(Bottleneck, { antiAlias: channels => new BlurPool2d(channels) })
 * const net = new ResNet(block, [3, 4, 6, 3])
 */
/* @__NO_SIDE_EFFECTS__ */
export function blockWith(block: Block, design: BlockDesign): Block {
  checkOptions('blockWith', design, DESIGN)
  checkArguments('blockWith', { block }, { block: aFunction() })
  if (block === BasicBlock) return basicBlockWith(design)
  if (block === Bottleneck) return bottleneckWith(design)
  throw new ResnetError('blockWith: expected BasicBlock or Bottleneck, whose F it knows')
}

/** Where an image is halved by something else than a convolution. */
function isSmoothed({ antiAlias }: BlockDesign, { stride = 1 }: BlockOptions): boolean {
  return antiAlias !== undefined && stride > 1
}

function basicBlockWith(design: BlockDesign): Block {
  if (design.reduceFirst !== undefined) {
    throw new ResnetError('blockWith: reduceFirst: only a Bottleneck has a narrower first convolution')
  }
  return class extends BasicBlock {
    readonly se: Module | undefined
    readonly aa: Module | undefined

    constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
      super(inPlanes, planes, isSmoothed(design, options) ? { ...options, stride: 1 } : options)
      this.se = design.attention?.(planes)
      this.aa = isSmoothed(design, options) ? design.antiAlias?.(planes) : undefined
    }

    override get typeName(): string {
      return 'BasicBlock'
    }

    override forward(x: Value): Value {
      const identity = this.downsample ? this.downsample(x) : x

      let out = this.relu(this.bn1(this.conv1(x)))
      if (this.aa) out = this.aa(out)
      out = this.bn2(this.conv2(out))
      out = this.refine(out)

      out = add(out, identity) // F(x) + x
      return this.relu(out)
    }

    protected override refine(out: Value): Value {
      return super.refine(this.se ? this.se(out) : out)
    }
  }
}

function bottleneckWith(design: BlockDesign): Block {
  return class extends Bottleneck {
    readonly se: Module | undefined
    readonly aa: Module | undefined

    constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
      super(inPlanes, planes, isSmoothed(design, options) ? { ...options, stride: 1 } : options)
      const { inChannels, outChannels, stride, groups, dilation } = this.conv2
      if (design.reduceFirst !== undefined) {
        const { normLayer = batchNorm } = options
        const first = Math.floor(inChannels / design.reduceFirst)
        const narrowed = {
          conv1: conv1x1(inPlanes, first),
          bn1: normLayer(first),
          conv2: conv3x3(first, outChannels, { stride: stride[0], groups, dilation: dilation[0] })
        }
        Object.assign(this, narrowed)
      }
      this.se = design.attention?.(this.conv3.outChannels)
      this.aa = isSmoothed(design, options) ? design.antiAlias?.(outChannels) : undefined
    }

    override get typeName(): string {
      return 'Bottleneck'
    }

    override forward(x: Value): Value {
      const identity = this.downsample ? this.downsample(x) : x

      let out = this.relu(this.bn1(this.conv1(x)))
      out = this.relu(this.bn2(this.conv2(out)))
      if (this.aa) out = this.aa(out)
      out = this.bn3(this.conv3(out))
      out = this.refine(out)

      out = add(out, identity) // F(x) + x
      return this.relu(out)
    }

    protected override refine(out: Value): Value {
      return super.refine(this.se ? this.se(out) : out)
    }
  }
}

/**
 * Squeeze and excitation as timm sizes it: a part of the channels, rounded to a multiple of 8.
 * @param ratio the part; the paper's is a sixteenth, ResNet-RS has a quarter.
 */
/* @__NO_SIDE_EFFECTS__ */
export function squeezeTo(ratio: number): (channels: number) => Module {
  return channels =>
    new SqueezeExcitation(channels, Math.max(8, Math.floor(Math.trunc(channels * ratio + 4) / 8) * 8))
}

/** Efficient channel attention. */
export function channelAttention(channels: number): Module {
  return new EfficientChannelAttention(channels)
}

/** The average of 2×2. */
export function averagePair(): Module {
  return new AvgPool2d(2)
}

/** Blurs and halves. */
export function blur(channels: number): Module {
  return new BlurPool2d(channels)
}
