// The stages of an ImageNet network.
import { Sequential } from '../../nn/layers/sequential.js'
import { aBoolean, aFunction, numberAbove, positiveInteger, type OptionsOf } from '../../base/options.js'
import { ResnetError } from '../../base/errors.js'
import { batchNorm, type Block, type NormLayer } from './residual-block.js'
import { averageAndProject, project } from './resnet-tweaks.js'

export const STAGE_OPTIONS = {
  /** `false` for the plain twin without shortcuts; default true. PyTorch difference: torchvision has none. */
  residual: aBoolean,
  /** Groups of the 3×3 convolutions (ResNeXt's cardinality); default 1. */
  groups: positiveInteger,
  /** Channels per group at the first stage; default 64. */
  widthPerGroup: numberAbove(0),
  /** Makes the normalisation after each convolution; default `BatchNorm2d`. */
  normLayer: aFunction<NormLayer>(),
  /** Average before projecting a shortcut, as ResNet-D does; default false. */
  avgDown: aBoolean
}

/** Options of all stages. */
export interface StageOptions extends OptionsOf<typeof STAGE_OPTIONS> {}

/** A stage's resolution change. */
export interface Stage {
  readonly stride: number
  /** Dilations of the first block and the others. */
  readonly dilation: readonly [first: number, rest: number]
}

/**
 * Each stage after the first halves the resolution or doubles the dilation.
 * @param dilate for each of the three stages after the first.
 * @throws ResnetError unless there are three.
 */
export function planStages(dilate: readonly boolean[]): Stage[] {
  if (dilate.length !== 3) {
    throw new ResnetError(
      `replaceStrideWithDilation: expected one boolean each for layer2, layer3 and layer4, got ${dilate.length}`
    )
  }
  const stages: Stage[] = [{ stride: 1, dilation: [1, 1] }]
  let dilation = 1
  for (const instead of dilate) {
    const before = dilation
    if (instead) dilation *= 2
    stages.push({ stride: instead ? 1 : 2, dilation: [before, dilation] })
  }
  return stages
}

/** A stage of `blocks` residual blocks, the first of which may change resolution and width. */
export function makeLayer(
  block: Block,
  inPlanes: number,
  planes: number,
  blocks: number,
  { stride, dilation }: Stage,
  { residual = true, avgDown = false, groups = 1, widthPerGroup = 64, normLayer = batchNorm }: StageOptions
): Sequential {
  const outPlanes = planes * block.expansion
  const shared = { residual, groups, baseWidth: widthPerGroup, normLayer }
  // Projected only if the shape changes (option B in the paper).
  const changesShape = stride !== 1 || inPlanes !== outPlanes
  const carry = avgDown ? averageAndProject : project
  const downsample = residual && changesShape ? carry(inPlanes, outPlanes, stride, normLayer) : undefined

  const first = new block(inPlanes, planes, { ...shared, stride, downsample, dilation: dilation[0] })
  const rest = Array.from(
    { length: blocks - 1 },
    () => new block(outPlanes, planes, { ...shared, dilation: dilation[1] })
  )
  return new Sequential(first, ...rest)
}
