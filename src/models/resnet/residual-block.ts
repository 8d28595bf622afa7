// What the blocks of residual networks have in common, whatever their F, and what is done to all blocks of a network.
import {
  aBoolean,
  aFunction,
  instanceOf,
  numberAbove,
  positiveInteger,
  type Checks
} from '../../base/options.js'
import type { Operand } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { zeros } from '../../nn/init.js'
import { BatchNorm2d } from '../../nn/layers/batch-norm2d.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { StochasticDepth } from '../../nn/layers/stochastic-depth.js'
import { Module } from '../../nn/module.js'
import { Parameter } from '../../nn/parameter.js'
import { copyWith } from '../../nn/with-children.js'
import { ResnetError } from '../../base/errors.js'

/** Makes the normalisation that follows a convolution with so many channels. */
export type NormLayer = (channels: number) => Module

/** What follows a convolution where nothing else is wanted. */
export const batchNorm: NormLayer = channels => new BatchNorm2d(channels)

/** 3×3 convolution that keeps the size at stride 1, whatever its dilation. */
export function conv3x3(
  inPlanes: number,
  outPlanes: number,
  { stride = 1, groups = 1, dilation = 1 } = {}
): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 3, { stride, padding: dilation, groups, bias: false, dilation })
}

/** 1×1 convolution. */
export function conv1x1(inPlanes: number, outPlanes: number, { stride = 1 } = {}): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 1, { stride, bias: false })
}

/** What carries x past F: a module, or nothing. */
export type Shortcut = (x: Value) => Operand

/** The shortcut of a plain network's block: nothing passes F, `F(x) + 0`. */
export const noShortcut: Shortcut = () => 0

/** How a block differs from the plainest one of its kind. */
export interface BlockOptions {
  readonly stride?: number
  /** What carries the identity where the block changes its shape: 1×1 convolution and normalisation. */
  readonly downsample?: Module | undefined
  /** Whether x is added back; default true. Without it the block is F alone: two or three layers of a plain network. */
  readonly residual?: boolean
  readonly groups?: number
  readonly baseWidth?: number
  readonly dilation?: number
  readonly normLayer?: NormLayer
}

/** What those must be. */
export const BLOCK_OPTIONS: Checks<BlockOptions> = {
  stride: positiveInteger,
  downsample: instanceOf<Module>(Module),
  residual: aBoolean,
  groups: positiveInteger,
  baseWidth: numberAbove(0),
  dilation: positiveInteger,
  normLayer: aFunction()
}

/** A block: some F, and the shortcut around it. */
export abstract class ResidualBlock extends Module {
  /** Carries x to the shape of F(x); nothing where x has it already. */
  abstract readonly downsample: Shortcut | undefined
  /** Drops F now and then while training; see `stochasticDepth` of the networks. */
  abstract stochastic_depth: Module | undefined

  /**
   * Zeroes the weight that F ends in, so that the block starts as the identity (timm: `zero_init_last`).
   * @throws ResnetError for a block without its shortcut, and where the last layer has no weight that learns.
   */
  abstract zeroInitLast(): void

  /** Whether x is added back; a block of a plain network is F alone. */
  get residual(): boolean {
    return this.downsample !== noShortcut
  }

  /** The block of a plain network with the same layers. */
  withoutShortcut(): Module {
    return copyWith(this, {
      downsample: noShortcut,
      ...('stochastic_depth' in this && { stochastic_depth: undefined })
    })
  }

  /** What becomes of F(x) before x is added: attention puts its weights on it, training may drop it. */
  protected refine(out: Value): Value {
    return this.stochastic_depth ? this.stochastic_depth(out) : out
  }

  /** Zeroes the weight of the layer that F ends in. */
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

/** A kind of residual block, as a class to build stages from. */
export interface Block {
  new (inPlanes: number, planes: number, options?: BlockOptions): ResidualBlock
  /** Output channels per plane. */
  readonly expansion: number
}

/**
 * Lets every block below a module start as the identity (arXiv:1706.02677, section 5.1; torchvision:
 * `zero_init_residual`): every module that has a `zeroInitLast`, a block of one's own as well.
 * @throws ResnetError as `zeroInitLast` does.
 */
export function startAsIdentity(net: Module): void {
  for (const module of net.modules()) if (canStartAsIdentity(module)) module.zeroInitLast()
}

function canStartAsIdentity(module: Module): module is Module & Pick<ResidualBlock, 'zeroInitLast'> {
  return 'zeroInitLast' in module
}

/**
 * Lets every block below a module drop its F while training, later ones more often: block l of L with probability
 * `p · l / L`, drawn for each image (Huang et al. 2016, arXiv:1603.09382, equation 4).
 * @param p of the last block; 0.5 in the paper.
 * @throws ResnetError when p is no probability.
 */
export function dropBlocks(net: Module, p: number): void {
  const blocks = [...net.modules()].filter(module => module instanceof ResidualBlock)
  blocks.forEach((block, index) => {
    block.stochastic_depth = new StochasticDepth((p * (index + 1)) / blocks.length, 'row')
  })
}
