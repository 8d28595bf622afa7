// timm's ResNet-v2 (github.com/huggingface/pytorch-image-models, `resnetv2.py`): pre-activation networks with batch normalisation,
// and Big Transfer's, with group normalisation and standardised convolutions (Kolesnikov et al. 2019, arXiv:1912.11370). Names and
// keys are timm's.
import { ResnetError } from '../../base/errors.js'
import {
  aBoolean,
  checkArguments,
  checkOptions,
  listOf,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { flatten } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { normal, zeros } from '../../nn/init.js'
import { ReLU } from '../../nn/layers/activation.js'
import { ModuleContainer, Sequential } from '../../nn/layers/containers.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { GroupNorm } from '../../nn/layers/normalisation.js'
import { EvoNorm2dS0, FilterResponseNormTlu2d } from '../../nn/layers/normalised-activation.js'
import { AdaptiveAvgPool2d } from '../../nn/layers/pooling.js'
import { Identity } from '../../nn/layers/shaping.js'
import { StdConv2d } from '../../nn/layers/std-conv.js'
import { Module } from '../../nn/module/module.js'
import { builder, RESIDUAL_OPTIONS } from '../builder.js'
import { assertClasses, HEAD_OPTIONS, type HeadOptions, type WithHead } from '../head.js'
import { batchNorm, initialise, type NormLayer } from '../resnet/residual-block.js'
import {
  DeepStemV2,
  DownsampleAvg,
  DownsampleConv,
  PlainStem,
  PreActBasic,
  PreActBottleneckV2,
  type Layers,
  type MakeConv
} from './resnetv2-blocks.js'

const OPTIONS = RESIDUAL_OPTIONS

/** Options of timm's ResNet-v2. */
export interface ResNetV2Options extends OptionsOf<typeof OPTIONS> {}

const DESIGN = {
  /** Blocks of two 3×3 convolutions in place of bottlenecks. */
  basic: aBoolean,
  /** Three 3×3 convolutions in place of the 7×7, `tiered` with growing widths. */
  stem: oneOf('deep', 'tiered'),
  /** Shortcuts that average before they project. */
  avgDown: aBoolean,
  /** Group normalisation in place of batch normalisation. */
  groupNorm: aBoolean,
  /** Normalisations that activate as well: EvoNorm-S0, or of filter responses. */
  normAct: oneOf('evo', 'response'),
  /** Big Transfer: group normalisation, standardised convolutions, and zeros around the pooling; so many times as wide. */
  bit: positiveInteger
}

/** What makes a network of the family, beside its depth. */
export interface ResNetV2Design extends OptionsOf<typeof DESIGN> {}

const reluAct = (): Module => new ReLU({ inplace: true })
const noAct = (): Module => new Identity()
const groupNorm: NormLayer = channels => new GroupNorm(32, channels)
const NORM_ACTS: Readonly<Record<'evo' | 'response', NormLayer>> = {
  evo: channels => new EvoNorm2dS0(channels),
  response: channels => new FilterResponseNormTlu2d(channels)
}
const plainConv: MakeConv = (from, to, size, stride = 1) =>
  new Conv2d(from, to, size, { stride, padding: (size - 1) / 2, bias: false })
const standardisedConv: MakeConv = (from, to, size, stride = 1) =>
  new StdConv2d(from, to, size, { stride, padding: (size - 1) / 2, eps: 1e-8 })

/** A stage, under timm's names. */
class Stage extends Module {
  constructor(readonly blocks: Sequential) {
    super()
  }

  forward(x: Value): Value {
    return this.blocks(x)
  }
}

/** Average pooling and a classifier, which timm writes as a 1×1 convolution. */
class ConvHead extends Module {
  readonly pool = new AdaptiveAvgPool2d([1, 1])
  fc: Conv2d

  constructor(channels: number, numClasses: number) {
    super()
    this.fc = freshClassifier(channels, numClasses)
  }

  forward(x: Value): Value {
    return flatten(this.fc(this.pool(x)), 1)
  }
}

function freshClassifier(channels: number, numClasses: number): Conv2d {
  const fc = new Conv2d(channels, numClasses, 1)
  normal(fc.weight, 0, 0.01)
  if (fc.bias) zeros(fc.bias)
  return fc
}

/**
 * A pre-activation residual network as timm builds it: a stem, four stages, normalisation and activation, average pooling, a
 * classifier.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses).
 */
export class ResNetV2 extends ModuleContainer implements WithHead {
  readonly stem: string = 'stem'
  readonly head: string = 'head.fc'
  readonly relu: Module

  /** @param layers blocks per stage. */
  constructor(
    layers: readonly [number, number, number, number],
    design: ResNetV2Design = {},
    options: ResNetV2Options = {}
  ) {
    checkOptions('ResNetV2', design, DESIGN)
    checkOptions('ResNetV2', options, OPTIONS)
    checkArguments('ResNetV2', { layers }, { layers: listOf(positiveInteger, 4) })
    const { numClasses = 1000, inChannels = 3, residual = true } = options
    const { basic = false, stem, avgDown = false, normAct, bit } = design
    const isGrouped = design.groupNorm ?? bit !== undefined
    const make: Layers = {
      conv: bit === undefined ? plainConv : standardisedConv,
      norm: normAct ? NORM_ACTS[normAct] : isGrouped ? groupNorm : batchNorm,
      act: normAct ? noAct : reluAct
    }
    const first = 64 * (bit ?? 1)
    const [Block, widest] = basic ? [PreActBasic, first] : [PreActBottleneckV2, 4 * first]
    const Projection = avgDown ? DownsampleAvg : DownsampleConv
    let from = first
    const stages = layers.map((count, index) => {
      const to = widest * 2 ** index
      const blocks = Array.from({ length: count }, (_, at) => {
        const stride = at === 0 && index > 0 ? 2 : 1
        // timm projects wherever a stage of bottlenecks begins, and basic blocks where the shape changes.
        const isProjected = at === 0 && (!basic || stride > 1 || from !== to)
        const project = residual && isProjected ? new Projection(from, to, stride, make) : undefined
        const block = new Block({ from, to, stride, project, residual }, make)
        from = to
        return block
      })
      return new Stage(new Sequential(...blocks))
    })
    const widths = stem === 'tiered' ? ([24, 32, 64] as const) : ([32, 32, 64] as const)
    const relu = make.act()
    super('ResNetV2', [
      [
        'stem',
        stem
          ? new DeepStemV2(inChannels, widths, make)
          : new PlainStem(inChannels, first, make, bit !== undefined)
      ],
      ['stages', new Sequential(...stages)],
      ['norm', make.norm(from)],
      ['relu', relu],
      ['head', new ConvHead(from, numClasses)]
    ])
    this.relu = relu
    initialise(this, false, options)
    const { fc } = headOf(this)
    normal(fc.weight, 0, 0.01)
  }

  override get typeName(): string {
    return 'ResNetV2'
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  forwardFeatures(x: Value): Value {
    const [stem, stages, norm] = this
    x = stem(x)
    x = stages(x)
    return this.relu(norm(x))
  }

  /**
   * The head (timm: `forward_head`). Shape: (N, C, h, w) → (N, numClasses).
   * @param options `preLogits`: stop before the classifier, at (N, C).
   */
  forwardHead(x: Value, options: HeadOptions = {}): Value {
    const { preLogits = false } = checkOptions('forwardHead', options, HEAD_OPTIONS)
    return preLogits ? flatten(headOf(this).pool(x), 1) : headOf(this)(x)
  }

  forward(x: Value): Value {
    return this.forwardHead(this.forwardFeatures(x))
  }

  /**
   * Replaces the classifier for another number of outputs (timm: `reset_classifier`).
   * @throws ResnetError unless `numClasses` is a whole number above 0.
   */
  resetClassifier(numClasses: number): this {
    assertClasses(numClasses)
    const head = headOf(this)
    head.fc = freshClassifier(head.fc.inChannels, numClasses)
    head.fc.train(this.training)
    return this
  }
}

function headOf(net: ResNetV2): ConvHead {
  const head = net.at(-1)
  if (head instanceof ConvHead) return head
  throw new ResnetError('ResNetV2: its last part is no head')
}

/** What makes a network of the family. */
export interface ResNetV2Builder {
  (options?: ResNetV2Options): ResNetV2
  /** Blocks per stage. */
  readonly layers: readonly number[]
}

/* @__NO_SIDE_EFFECTS__ */
function resnetv2(
  name: string,
  layers: readonly [number, number, number, number],
  design: ResNetV2Design = {}
): ResNetV2Builder {
  const make = builder<ResNetV2Options, ResNetV2>(name, OPTIONS, {}, all => new ResNetV2(layers, design, all))
  return Object.assign(make, { layers })
}

const D = { stem: 'deep', avgDown: true } as const

/** 11,687,720 parameters. */
export const resnetv2_18 = resnetv2('resnetv2_18', [2, 2, 2, 2], { basic: true })

/** 11,706,952 parameters. */
export const resnetv2_18d = resnetv2('resnetv2_18d', [2, 2, 2, 2], { basic: true, ...D })

/** 21,795,880 parameters. */
export const resnetv2_34 = resnetv2('resnetv2_34', [3, 4, 6, 3], { basic: true })

/** 21,815,112 parameters. */
export const resnetv2_34d = resnetv2('resnetv2_34d', [3, 4, 6, 3], { basic: true, ...D })

/** 25,549,352 parameters. */
export const resnetv2_50 = resnetv2('resnetv2_50', [3, 4, 6, 3])

/** 25,568,584 parameters. */
export const resnetv2_50d = resnetv2('resnetv2_50d', [3, 4, 6, 3], D)

/** 25,566,048 parameters. */
export const resnetv2_50t = resnetv2('resnetv2_50t', [3, 4, 6, 3], { stem: 'tiered', avgDown: true })

/** 25,568,584 parameters. */
export const resnetv2_50d_gn = resnetv2('resnetv2_50d_gn', [3, 4, 6, 3], { ...D, groupNorm: true })

/** EvoNorm-S0 in place of batch normalisation and ReLU. 25,591,368 parameters. */
export const resnetv2_50d_evos = resnetv2('resnetv2_50d_evos', [3, 4, 6, 3], { ...D, normAct: 'evo' })

/** Filter response normalisation in place of batch normalisation and ReLU. 25,591,368 parameters. */
export const resnetv2_50d_frn = resnetv2('resnetv2_50d_frn', [3, 4, 6, 3], { ...D, normAct: 'response' })

/** 44,541,480 parameters. */
export const resnetv2_101 = resnetv2('resnetv2_101', [3, 4, 23, 3])

/** 44,560,712 parameters. */
export const resnetv2_101d = resnetv2('resnetv2_101d', [3, 4, 23, 3], D)

/** 60,185,128 parameters. */
export const resnetv2_152 = resnetv2('resnetv2_152', [3, 8, 36, 3])

/** 60,204,360 parameters. */
export const resnetv2_152d = resnetv2('resnetv2_152d', [3, 8, 36, 3], D)

// Big Transfer, trained on images of 224 to 480 pixels.

/** 25,549,352 parameters. */
export const resnetv2_50x1_bit = resnetv2('resnetv2_50x1_bit', [3, 4, 6, 3], { bit: 1 })

/** 217,319,080 parameters. */
export const resnetv2_50x3_bit = resnetv2('resnetv2_50x3_bit', [3, 4, 6, 3], { bit: 3 })

/** 44,541,480 parameters. */
export const resnetv2_101x1_bit = resnetv2('resnetv2_101x1_bit', [3, 4, 23, 3], { bit: 1 })

/** 387,934,888 parameters. */
export const resnetv2_101x3_bit = resnetv2('resnetv2_101x3_bit', [3, 4, 23, 3], { bit: 3 })

/** 236,335,848 parameters. */
export const resnetv2_152x2_bit = resnetv2('resnetv2_152x2_bit', [3, 8, 36, 3], { bit: 2 })

/** 936,533,224 parameters. */
export const resnetv2_152x4_bit = resnetv2('resnetv2_152x4_bit', [3, 8, 36, 3], { bit: 4 })
