// What blocks of residual networks have in common, whatever their F: the sum, and what it can be told.
import type { Value } from '../../ir/ops.js'
import { BatchNorm2d } from '../../nn/layers/batch-norm2d.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { addBranches } from '../../nn/layers/join-branches.js'
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

/** A block: some F, and the shortcut around it. */
export abstract class ResidualBlock extends Module {
  abstract readonly downsample: Module | undefined
  abstract readonly residual: boolean
  /** Drops F now and then while training; see `stochasticDepth` of the networks. */
  abstract stochastic_depth: Module | undefined
  /** The last layer of F; with its weight at zero the block starts as the identity. */
  abstract get lastLayer(): Module
  /** F: what the block computes beside the shortcut. */
  abstract residualFunction(x: Value): Value

  /**
   * `F(x) + x`, where `identity` is x or what `downsample` made of it; F(x) alone without the shortcut.
   * @throws ShapeError that names both branches where they cannot be added.
   */
  protected addIdentity(residual: Value, identity: Value, x: Value): Value {
    if (!this.residual) return residual
    const kept = this.stochastic_depth ? this.stochastic_depth.forward(residual) : residual
    return addBranches(this.typeName, kept, identity, x)
  }
}

/** A kind of residual block, as a class to build stages from. */
export interface Block {
  new (inPlanes: number, planes: number, options?: BlockOptions): ResidualBlock
  /** Output channels per plane. */
  readonly expansion: number
}
