// What the blocks of residual networks have in common, whatever their F.
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
import { BatchNorm2d } from '../../nn/layers/batch-norm2d.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { Module } from '../../nn/module.js'

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
  /** The last layer of F; with its weight at zero the block starts as the identity. */
  abstract get lastLayer(): Module
  /** F: what the block computes beside the shortcut. */
  abstract residualFunction(x: Value): Value

  /** Whether x is added back; a block of a plain network is F alone. */
  get residual(): boolean {
    return this.downsample !== noShortcut
  }
}

/** A kind of residual block, as a class to build stages from. */
export interface Block {
  new (inPlanes: number, planes: number, options?: BlockOptions): ResidualBlock
  /** Output channels per plane. */
  readonly expansion: number
}
