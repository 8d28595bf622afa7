// The common base of residual blocks.
import { aNetwork } from '../../nn/module/check-network.js'
import {
  aBoolean,
  instanceOf,
  numberAbove,
  positiveInteger,
  type Check,
  type OptionsOf,
  checkArguments,
  numberBetween
} from '../../base/options.js'
import type { Operand } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { kaimingNormal, zeros } from '../../nn/init.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { StochasticDepth } from '../../nn/layers/dropout.js'
import { Module } from '../../nn/module/module.js'
import { Parameter } from '../../nn/module/parameter.js'
import { copyWith } from '../../nn/rewrite/with-children.js'
import { ResnetError } from '../../base/errors.js'
import { computeAs } from '../arithmetic.js'
import { aMaker, type RESIDUAL_OPTIONS } from '../builder.js'

/** Makes the normalisation after a convolution. */
export type NormLayer = (channels: number) => Module

export const aNormLayer: Check<NormLayer> = aMaker('channels => new BatchNorm2d(channels)')

/** The default normalisation. */
export const batchNorm: NormLayer = channels => new BatchNorm2d(channels)

/** 3×3 convolution with size-preserving padding. */
export function conv3x3(
  inPlanes: number,
  outPlanes: number,
  { stride = 1, groups = 1, dilation = 1 } = {}
): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 3, { stride, padding: dilation, groups, bias: false, dilation })
}

export function conv1x1(inPlanes: number, outPlanes: number, { stride = 1 } = {}): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 1, { stride, bias: false })
}

/** The shortcut: a module, or none. */
export type Shortcut = (x: Value) => Operand

/** The shortcut of a plain block: F(x) + 0. */
export const noShortcut: Shortcut = () => 0

export const BLOCK_OPTIONS = {
  stride: positiveInteger,
  /** The projection where the block changes the shape: 1×1 convolution and normalisation. */
  downsample: instanceOf<Module>(Module),
  /** Whether x is added; default true. `false` for a plain network's block. */
  residual: aBoolean,
  groups: positiveInteger,
  baseWidth: numberAbove(0),
  dilation: positiveInteger,
  normLayer: aNormLayer
}

/** Options of blocks. */
export interface BlockOptions extends OptionsOf<typeof BLOCK_OPTIONS> {}

/** A residual block. */
export abstract class ResidualBlock extends Module {
  /** Projects x to the shape of F(x); undefined for the identity. */
  abstract readonly downsample: Shortcut | undefined
  /** Drops F randomly in training; see `stochasticDepth` of the networks. */
  abstract stochastic_depth: Module | undefined

  /**
   * Zeroes F's last weight, so that the block starts as the identity (timm: `zero_init_last`).
   * @throws ResnetError for a block without shortcut, or if the last layer has no learnable weight.
   */
  abstract zeroInitLast(): void

  /** Whether x is added. */
  get residual(): boolean {
    return this.downsample !== noShortcut
  }

  /** A plain network's block with the same layers. */
  withoutShortcut(): Module {
    return copyWith(this, {
      downsample: noShortcut,
      ...('stochastic_depth' in this && { stochastic_depth: undefined })
    })
  }

  /** Transforms F(x) before x is added: attention or stochastic depth. */
  protected refine(out: Value): Value {
    return this.stochastic_depth ? this.stochastic_depth(out) : out
  }

  /** Zeroes a layer's weight. */
  protected startAtZero(layer: Module): void {
    if (!this.residual) {
      throw new ResnetError(
        'zeroInitResidual: a block without its shortcut (residual: false) would start as zero, not as the identity'
      )
    }
    const weight: unknown = 'weight' in layer ? layer.weight : undefined
    if (!(weight instanceof Parameter)) {
      throw new ResnetError(
        `zeroInitResidual: the last layer of ${this.typeName}'s F is ${layer.typeName}, expected a layer with a weight that learns`
      )
    }
    zeros(weight)
  }
}

/** A class of residual blocks. */
export interface Block<Options = BlockOptions> {
  new (inPlanes: number, planes: number, options?: Options): ResidualBlock
  /** Output channels per plane. */
  readonly expansion: number
}

/**
 * Zero-initialises every block (arXiv:1706.02677, section 5.1; torchvision: `zero_init_residual`): every module with a
 * `zeroInitLast`, including user-defined blocks.
 * @throws ResnetError as `zeroInitLast` does.
 */
export function startAsIdentity(net: Module): void {
  checkArguments('startAsIdentity', { net }, { net: aNetwork })
  for (const module of net.modules()) if (canStartAsIdentity(module)) module.zeroInitLast()
}

function canStartAsIdentity(module: Module): module is Module & Pick<ResidualBlock, 'zeroInitLast'> {
  return 'zeroInitLast' in module
}

/**
 * Adds stochastic depth to every block: block l of L drops F with probability `p · l / L`, per image (Huang et al. 2016,
 * arXiv:1603.09382, equation 4).
 * @param p the last block's; 0.5 in the paper.
 * @throws ResnetError for p outside 0 … 1.
 */
export function dropBlocks(net: Module, p: number): void {
  checkArguments('dropBlocks', { net, p }, { net: aNetwork, p: numberBetween(0, 1) })
  const blocks = [...net.modules()].filter(module => module instanceof ResidualBlock)
  blocks.forEach((block, index) => {
    block.stochastic_depth = new StochasticDepth((p * (index + 1)) / blocks.length, 'row')
  })
}

/** Draws a network's weights, if it is not a small one as torchvision does, and follows the options of all its blocks. */
export function initialise(
  net: Module,
  isSmall: boolean,
  { zeroInitResidual = false, stochasticDepth = 0, ...arithmetic }: OptionsOf<typeof RESIDUAL_OPTIONS>
): void {
  computeAs(net, arithmetic)
  for (const module of net.modules()) {
    if (module instanceof Conv2d) {
      kaimingNormal(module.weight, isSmall ? {} : { mode: 'fan_out', nonlinearity: 'relu' })
    } else if (isSmall && module instanceof Linear) kaimingNormal(module.weight)
  }
  if (zeroInitResidual) startAsIdentity(net)
  if (stochasticDepth !== 0) dropBlocks(net, stochasticDepth)
}
