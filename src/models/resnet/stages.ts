// The stages of residual networks, with a tweak of Bag of Tricks for Image Classification (He et al. 2018,
// arXiv:1812.01187, figure 2): ResNet-D's shortcut. Layouts and so keys are timm's.
import { aBoolean, numberAbove, positiveInteger, type OptionsOf } from '../../base/options.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { AvgPool2d } from '../../nn/layers/pooling.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Identity } from '../../nn/layers/shaping.js'
import type { Module } from '../../nn/module/module.js'
import {
  aNormLayer,
  batchNorm,
  conv1x1,
  type Block,
  type BlockOptions,
  type NormLayer
} from './residual-block.js'

/** A projection shortcut: strided 1×1 convolution, normalised (option B of the paper). */
export function project(
  inPlanes: number,
  outPlanes: number,
  stride: number,
  norm: NormLayer,
  kernelSize = 1
): Sequential {
  const padding = Math.floor((kernelSize - 1) / 2)
  const conv = new Conv2d(inPlanes, outPlanes, kernelSize, { stride, padding, bias: false })
  return new Sequential(conv, norm(outPlanes))
}

/** ResNet-D's shortcut: averages before projecting, so that no pixels are skipped. */
export function averageAndProject(
  inPlanes: number,
  outPlanes: number,
  stride: number,
  norm: NormLayer
): Sequential {
  const pool =
    stride === 1 ? new Identity() : new AvgPool2d(2, { stride, ceilMode: true, countIncludePad: false })
  return new Sequential(pool, conv1x1(inPlanes, outPlanes), norm(outPlanes))
}

/** What blocks of one kind or another take. */
type AnyBlockOptions = BlockOptions & {
  readonly gateBias?: number | undefined
  readonly activatesShortcut?: boolean
}

/**
 * A stage of residual blocks, the first of which may change resolution and width.
 * @param planes of the stage's input, times the expansion of the blocks before, and its own.
 * @param carry makes the shortcut of a block that changes the shape.
 * @param first what the first block has beside the options of all.
 */
export function makeStage(
  block: Block<AnyBlockOptions>,
  [inPlanes, planes]: readonly [before: number, own: number],
  blocks: number,
  carry: (inPlanes: number, outPlanes: number, stride: number) => Module,
  options: AnyBlockOptions,
  first: AnyBlockOptions = {}
): Sequential {
  const outPlanes = planes * block.expansion
  const { stride = 1 } = first
  // Projected only if the shape changes (option B in the paper).
  const changesShape = stride !== 1 || inPlanes !== outPlanes
  const downsample = options.residual && changesShape ? carry(inPlanes, outPlanes, stride) : undefined
  return new Sequential(
    new block(inPlanes, planes, { ...options, ...first, downsample }),
    ...Array.from({ length: blocks - 1 }, () => new block(outPlanes, planes, options))
  )
}

export const STAGE_OPTIONS = {
  /** `false` for the plain twin without shortcuts; default true. PyTorch difference: torchvision has none. */
  residual: aBoolean,
  /** Groups of the 3×3 convolutions (ResNeXt's cardinality); default 1. */
  groups: positiveInteger,
  /** Channels per group at the first stage; default 64. */
  widthPerGroup: numberAbove(0),
  /** Makes the normalisation after each convolution; default `BatchNorm2d`. */
  normLayer: aNormLayer,
  /** Average before projecting a shortcut, as ResNet-D does; default false. */
  avgDown: aBoolean,
  /** Sides of the convolution of a shortcut that halves the image; default 1. SENet-154 has 3. */
  downKernelSize: positiveInteger
}

/** Options of all stages of a `ResNet`. */
export interface StageOptions extends OptionsOf<typeof STAGE_OPTIONS> {}

/** How a stage of a `ResNet` changes the resolution: its stride, and dilations of the first block and the others. */
type Stage = Readonly<Record<'stride' | 'dilation' | 'rest', number>>

/**
 * Each stage after the first halves the resolution or doubles the dilation.
 * @param dilate for each of the three stages after the first.
 */
export function planStages(dilate: readonly boolean[]): Stage[] {
  const stages: Stage[] = [{ stride: 1, dilation: 1, rest: 1 }]
  for (const [before, instead] of dilate.entries()) {
    const { rest } = stages[before]
    stages.push(instead ? { stride: 1, dilation: rest, rest: rest * 2 } : { stride: 2, dilation: rest, rest })
  }
  return stages
}

export function makeLayer(
  block: Block,
  planes: readonly [before: number, own: number],
  blocks: number,
  { stride, dilation, rest }: Stage,
  options: StageOptions
): Sequential {
  const { residual = true, avgDown = false, groups = 1, widthPerGroup = 64, normLayer = batchNorm } = options
  const carry = avgDown ? averageAndProject : project
  const kernelSize = stride === 1 ? 1 : options.downKernelSize
  return makeStage(
    block,
    planes,
    blocks,
    (from, to) => carry(from, to, stride, normLayer, kernelSize),
    { residual, groups, baseWidth: widthPerGroup, normLayer, dilation: rest },
    { stride, dilation }
  )
}
